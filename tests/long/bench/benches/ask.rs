//! How long an answer takes, with the shipped knowledge and with 20,000 sections more, and how long the index of the
//! shipped knowledge takes to be built.
//!
//! Criterion tells the median of one question after the other. How long the slowest take is told by percentiles over all
//! questions, each asked many times: that is what who asks waits for.

use criterion::{Criterion, criterion_group, criterion_main};
use eerstelijn::adapters::knowledge::{KnowledgeBase, OrganisationWords, files};
use eerstelijn::app::ask::ask;
use eerstelijn::app::ports::Knowledge;
use eerstelijn_bench::{questions, with_pages};
use jiff::Timestamp;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Sections that are generated.
const SECTIONS: usize = 20_000;
/// How often each question is asked for the percentiles.
const TIMES: usize = 30;
/// Passages of an answer.
const LIMIT: usize = 5;

fn knowledge(files: &files::Files) -> KnowledgeBase {
    let knowledge =
        KnowledgeBase::from_files(files, OrganisationWords::default()).expect("knowledge in order");
    knowledge.prepare().expect("an index");
    knowledge
}

fn answers(criterion: &mut Criterion) {
    let questions = questions();
    let now = Timestamp::now();
    for (name, files) in [
        ("ask, shipped knowledge", files::embedded()),
        ("ask, 20,000 sections more", with_pages(SECTIONS)),
    ] {
        let knowledge = knowledge(&files);
        let answer = |question: &String| {
            black_box(ask(&knowledge, question, LIMIT, now).expect("an answer"));
        };
        let mut next = questions.iter().cycle();
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| next.next().map(&answer));
        });
        let mut took: Vec<Duration> = Vec::new();
        for question in questions.iter().cycle().take(TIMES * questions.len()) {
            let began = Instant::now();
            answer(question);
            took.push(began.elapsed());
        }
        took.sort();
        let at = |hundredth: usize| took[took.len() * hundredth / 100];
        println!(
            "{name}: p50 {:?}, p90 {:?}, p99 {:?}",
            at(50),
            at(90),
            at(99)
        );
    }
}

fn index(criterion: &mut Criterion) {
    let files = files::embedded();
    let mut group = criterion.benchmark_group("index");
    group.sample_size(10);
    group.bench_function("built, shipped knowledge", |bencher| {
        bencher.iter_batched(
            || KnowledgeBase::from_files(&files, OrganisationWords::default()).expect("in order"),
            |knowledge| knowledge.prepare().expect("an index"),
            criterion::BatchSize::PerIteration,
        );
    });
    group.bench_function("read and built, shipped knowledge", |bencher| {
        bencher.iter(|| knowledge(&files));
    });
    group.finish();
}

criterion_group!(benches, answers, index);
criterion_main!(benches);
