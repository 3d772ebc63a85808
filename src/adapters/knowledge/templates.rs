//! The words around the guidance: templates that people without a compiler can edit.
//!
//! A template is a whole mail: its first line is `Subject: ...`, then a blank line, then the text.
//! What is filled in is text and stays text; nothing that came from outside is read as a template.

use crate::adapters::knowledge::files::{Files, embedded_text};
use crate::adapters::knowledge::organisation::OrganisationWords;
use crate::adapters::knowledge::trouble::{TAKE_OVER, Trouble};
use crate::app::ports::knowledge::KnowledgeError;
use crate::domain::guidance::contacts::Contacts;
use crate::domain::guidance::handbook::PassageKind;
use crate::domain::guidance::reply::{Reading, RenderedMail, ReplyPlan, Template};
use crate::domain::intake::message::Arrived;
use crate::domain::triage::assessment::Channel;
use crate::domain::triage::language::Language;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value, context};

/// The folder of the templates.
const FOLDER: &str = "replies/";
/// How every template begins.
const SUBJECT: &str = "Subject: ";

/// Letters that came after knowledge was first kept. Where a folder lacks one, the shipped words stand in: so
/// what was kept before can still be replayed. They use nothing that the folder must bring.
const CAME_LATER: [Template; 3] = [
    Template::KnowledgeBroken,
    Template::MemosDue,
    Template::FalseAlarm,
];

/// All templates, ready to be filled.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
    organisation: OrganisationWords,
}

impl Templates {
    /// Reads the templates and tries each with much and with little to say.
    ///
    /// # Errors
    /// Every template that is missing, can't be read, or can't be filled.
    pub fn load(
        files: &Files,
        contacts: &Contacts,
        organisation: OrganisationWords,
    ) -> Result<Self, Vec<Trouble>> {
        let mut troubles = Vec::new();
        let mut environment = environment(files, FOLDER, &mut troubles);
        for (path, name) in came_later() {
            if !files.contains_key(&path)
                && let Some(text) = embedded_text(&path)
                && let Err(error) = environment.add_template_owned(name, text)
            {
                troubles.push(trouble(&path, &error));
            }
        }
        let contacts = contacts.clone();
        environment.add_function(
            "contact",
            move |state: &minijinja::State<'_, '_>, id: &str| {
                let language = language_of(state.name());
                let contact = contacts.0.get(id).ok_or_else(|| {
                    let what = format!("there is no contact \"{id}\" in contacts.toml");
                    Error::new(ErrorKind::InvalidOperation, what)
                })?;
                Ok::<_, Error>(contact.text.in_language(language).to_owned())
            },
        );
        let templates = Self {
            environment,
            organisation,
        };
        if troubles.is_empty() {
            templates.try_all(&mut troubles);
        }
        if troubles.is_empty() {
            Ok(templates)
        } else {
            Err(troubles)
        }
    }

    /// Fills a template.
    ///
    /// # Errors
    /// Which template can't be filled and why, without what was to be filled in.
    pub fn render(&self, plan: &ReplyPlan) -> Result<RenderedMail, KnowledgeError> {
        let language = plan.language.for_reply();
        let name = file_name(plan.template, language);
        let failed = |error: Error| KnowledgeError::Template {
            template: name.clone(),
            what: error.kind().to_string(),
        };
        let rendered = self.fill(&name, plan, language).map_err(failed)?;
        split_mail(&rendered).ok_or_else(|| KnowledgeError::Template {
            template: name.clone(),
            what: format!("its first line isn't \"{SUBJECT}...\""),
        })
    }

    fn fill(&self, name: &str, plan: &ReplyPlan, language: Language) -> Result<String, Error> {
        let template = self.environment.get_template(name)?;
        let organisation = &self.organisation;
        template.render(context! {
            number => plan.number.as_ref().map(ToString::to_string),
            subject => plan.subject.clone(),
            line => plan.line.clone(),
            now => plan.now.clone(),
            avoid => plan.avoid.clone(),
            keep => plan.keep.clone(),
            notify => plan.notify.clone(),
            clocks => plan.clocks.clone(),
            questions => plan.questions.clone(),
            reading => plan.reading.iter().map(reading).collect::<Vec<_>>(),
            late_hours => plan.late_hours,
            beginning_only => plan.arrived == Arrived::Beginning,
            urgent => plan.urgent,
            paged => plan.paged,
            handed_over => plan.handed_over,
            way => match plan.way {
                Channel::Mail => "mail",
                Channel::Chat => "chat",
            },
            team => organisation.team.in_language(language),
            address => organisation.address.as_str(),
            phone => organisation.phone.as_str(),
            chat => organisation.chat.as_str(),
            office_hours => organisation.office_hours.in_language(language),
        })
    }

    fn try_all(&self, troubles: &mut Vec<Trouble>) {
        for template in Template::ALL {
            for language in Language::OF_REPLIES {
                let name = file_name(*template, language);
                let path = format!("{FOLDER}{name}");
                if self.environment.get_template(&name).is_err() {
                    troubles.push(Trouble::of_file(
                        &path,
                        format!("this template is missing; {TAKE_OVER}"),
                    ));
                    continue;
                }
                for plan in samples(*template, language) {
                    match self.fill(&name, &plan, language) {
                        Err(error) => troubles.push(trouble(&path, &error)),
                        Ok(text) if split_mail(&text).is_none() => troubles.push(Trouble::at(
                            &path,
                            1,
                            format!("the first line must be \"{SUBJECT}...\""),
                        )),
                        Ok(_) => {}
                    }
                }
            }
        }
        troubles.dedup();
    }
}

/// The templates of a folder, by their names in it. What isn't there is a mistake; what is filled into a page in HTML
/// is text there too.
pub(super) fn environment(
    files: &Files,
    folder: &str,
    troubles: &mut Vec<Trouble>,
) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| {
        if name.contains(".html") {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    environment.set_syntax(blocks_on_their_own_lines());
    for (path, text) in files {
        if let Some(name) = path.strip_prefix(folder)
            && let Err(error) = environment.add_template_owned(name.to_owned(), text.clone())
        {
            troubles.push(trouble(path, &error));
        }
    }
    environment
}

/// A line that holds only a block tag leaves no blank line behind.
fn blocks_on_their_own_lines() -> SyntaxConfig {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .unwrap_or_default()
}

fn file_name(template: Template, language: Language) -> String {
    format!("{template}.{language}.j2")
}

/// The files of letters that older knowledge can't hold.
fn came_later() -> impl Iterator<Item = (String, String)> {
    CAME_LATER.into_iter().flat_map(|template| {
        Language::OF_REPLIES.map(|language| {
            let name = file_name(template, language);
            (format!("{FOLDER}{name}"), name)
        })
    })
}

/// Letters that aren't in this folder: they are sent in the shipped words.
pub fn shipped_words_stand_in(files: &Files) -> Vec<Trouble> {
    came_later()
        .filter(|(path, _)| !files.contains_key(path))
        .map(|(path, _)| {
            Trouble::of_file(
                &path,
                format!(
                    "this template is missing, so it is sent in the shipped words; {TAKE_OVER}"
                ),
            )
        })
        .collect()
}

fn reading(reading: &Reading) -> Value {
    context! {
        title => reading.title.as_str(),
        section => reading.section.as_str(),
        url => reading.url.as_str(),
        text => reading.text.as_str(),
        kind => reading.kind.as_str(),
    }
}

fn language_of(name: &str) -> Language {
    Language::OF_REPLIES
        .into_iter()
        .find(|language| name.ends_with(&format!(".{language}.j2")))
        .unwrap_or(Language::Nl)
}

pub(super) fn trouble(path: &str, error: &Error) -> Trouble {
    let detail = error.detail().unwrap_or_default();
    let what = format!("{}: {detail}", error.kind());
    Trouble::at(path, error.line().unwrap_or(0), what)
}

/// A mail with nothing filled in, and one with everything.
fn samples(template: Template, language: Language) -> [ReplyPlan; 4] {
    let mut blank = ReplyPlan::blank(template, language);
    blank.now.push("x".to_owned());
    let lines = vec!["x".to_owned(), "y".to_owned()];
    let mut full = blank.clone();
    full.number = "CRT-2026-0001".parse().ok();
    full.subject = Some("x".to_owned());
    full.line.push('x');
    full.now.clone_from(&lines);
    full.avoid.clone_from(&lines);
    full.keep.clone_from(&lines);
    full.notify.clone_from(&lines);
    full.clocks.clone_from(&lines);
    full.questions.clone_from(&lines);
    full.late_hours = Some(2);
    full.arrived = Arrived::Beginning;
    full.urgent = true;
    full.paged = true;
    full.handed_over = true;
    full.reading.push(Reading {
        title: "x".to_owned(),
        section: "y".to_owned(),
        url: "https://x.example".to_owned(),
        text: "x".to_owned(),
        id: "x".to_owned(),
        kind: PassageKind::Memo,
    });
    let in_chat = |plan: &ReplyPlan| plan.clone().by(Channel::Chat);
    [in_chat(&blank), in_chat(&full), blank, full]
}

/// Subject and text of a rendered template: the text without double blank lines, ended by one `\n`.
fn split_mail(rendered: &str) -> Option<RenderedMail> {
    let (first, body) = rendered.trim_start().split_once('\n')?;
    let subject = first.strip_prefix(SUBJECT)?.trim().to_owned();
    let mut text = String::with_capacity(body.len());
    for line in body.trim().lines().map(str::trim_end) {
        if !(line.is_empty() && text.ends_with("\n\n")) {
            text.push_str(line);
            text.push('\n');
        }
    }
    (!subject.is_empty() && !text.is_empty()).then_some(RenderedMail { subject, text })
}
