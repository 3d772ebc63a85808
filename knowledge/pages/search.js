/*
 * The search of the front page: in the browser, over the data of search-index.js, without any server.
 *
 * What it says stands in index.html.j2 and site.toml. Whatever comes from the data or from the address is put on the
 * page as text, never as HTML.
 */
(function () {
  "use strict";

  var SHORTEST_PART = 4;      // letters of a word that is looked for inside longer words
  var MOST_TERMS = 12;
  var FIRST_SHOWN = 8;
  var EXCERPT = 240;          // characters
  var WEIGHTS = { title: 5, words: 4, heading: 3, hints: 1.5, text: 1 };
  var CARDS_FIRST = 1.5;      // a card is for who has no time
  var ENOUGH = 0.45;          // share of the question that an entry must be about
  var NEAR = 0.15;            // share of the best score that an entry must reach

  var form = document.getElementById("search_form");
  var input = document.getElementById("search_words");
  var status = document.getElementById("search_status");
  var results = document.getElementById("search_results");
  var nothing = document.getElementById("search_nothing");
  if (!form || !input || !status || !results || !nothing) { return; }

  var data = window.eerstelijnIndex;
  if (!data) {
    status.textContent = status.dataset.broken;
    return;
  }

  /* Words */

  function fold(text) {
    return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "")
      .replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/ß/g, "ss");
  }

  // Words with their places. "back-up" is "back", "up" and "backup".
  function wordsOf(text) {
    var found = [];
    var runs = /[\p{L}\p{N}\p{M}]+(?:[-'’][\p{L}\p{N}\p{M}]+)*/gu;
    var run;
    while ((run = runs.exec(text)) !== null) {
      var parts = run[0].split(/[-'’]/);
      var at = run.index;
      if (parts.length > 1) {
        found.push({ word: fold(parts.join("")), from: run.index, to: run.index + run[0].length });
      }
      for (var i = 0; i < parts.length; i += 1) {
        found.push({ word: fold(parts[i]), from: at, to: at + parts[i].length });
        at += parts[i].length + 1;
      }
    }
    return found;
  }

  function setOf(text) {
    return new Set(text.split(/\s+/).filter(Boolean));
  }

  var stopWords = setOf(data.stop_words);
  var dailyWords = setOf(data.daily_words);

  /* The index: for each word, where it stands and how much it weighs there. */

  var places = [];                 // every section, with its entry
  var vocabulary = new Map();      // word -> Map(place -> weight)

  function note(text, place, weight) {
    wordsOf(text).forEach(function (found) {
      var word = found.word;
      if (stopWords.has(word)) { return; }
      var where = vocabulary.get(word);
      if (!where) { vocabulary.set(word, where = new Map()); }
      var had = where.get(place) || { best: 0, times: 0 };
      had.best = Math.max(had.best, weight);
      had.times += 1;
      where.set(place, had);
    });
  }

  data.entries.forEach(function (entry, number) {
    entry.places.forEach(function (parts, count) {
      var place = places.length;
      places.push({ entry: number, anchor: parts[0], heading: parts[1], text: parts[2] });
      note(parts[1], place, WEIGHTS.heading);
      note(parts[2], place, WEIGHTS.text);
      // The words of the entry stand with its first section, and count for all.
      if (count === 0) {
        note(entry.title, place, WEIGHTS.title);
        note(entry.words, place, WEIGHTS.words);
        note(entry.hints, place, WEIGHTS.hints);
      }
    });
  });

  var allWords = Array.from(vocabulary.keys());

  /* What a word of the question stands for: words of the index with how sure that is, from 0 to 1. */

  // Are two words one slip apart: a letter more, less, other, or two changed places?
  function oneSlip(a, b) {
    if (Math.abs(a.length - b.length) > 1 || a === b) { return false; }
    var start = 0;
    while (start < a.length && start < b.length && a[start] === b[start]) { start += 1; }
    var endA = a.length;
    var endB = b.length;
    while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) { endA -= 1; endB -= 1; }
    var restA = endA - start;
    var restB = endB - start;
    if (restA <= 1 && restB <= 1) { return true; }
    return restA === 2 && restB === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
  }

  var ENDING = /^(?:s|n|e|en|t|te|ten|de|den|er|ers|es|ing|je|jes)$/;

  function sureness(term, word) {
    if (word === term) { return 1; }
    var shorter = Math.min(term.length, word.length);
    if (shorter >= 3 && word.startsWith(term)) { return word.length - term.length <= 3 ? 0.85 : 0.6; }
    if (shorter >= SHORTEST_PART && term.startsWith(word) && ENDING.test(term.slice(word.length))) { return 0.75; }
    if (shorter >= 5 && sameStem(term, word)) { return 0.95; }
    if (term.length >= SHORTEST_PART && word.length > term.length && word.includes(term)) { return 0.45; }
    return 0;
  }

  // Endings of verbs and plurals: "bewaren" and "bewaart", "logs" and "loggen".
  function stem(word) {
    return word.replace(/(?:eerde|eren|ende|ten|ing|en|te|de|er|t|s|e|n)$/, "").replace(/(.)\1+/g, "$1");
  }

  function sameStem(a, b) {
    var root = stem(a);
    return root.length >= SHORTEST_PART && root === stem(b);
  }

  function meaningsOf(term) {
    var found = new Map();
    if (dailyWords.has(term)) { return vocabulary.has(term) ? found.set(term, 1) : found; }
    allWords.forEach(function (word) {
      var sure = sureness(term, word);
      if (sure > 0) { found.set(word, sure); }
    });
    if (found.size === 0 && term.length >= SHORTEST_PART) {
      allWords.forEach(function (word) {
        if (word.length >= SHORTEST_PART && oneSlip(term, word)) { found.set(word, 0.6); }
      });
    }
    return found.size === 0 ? partsOf(term) : found;
  }

  // A compound that stands nowhere: two words of the index, one of them with a slip at most.
  function partsOf(term) {
    var found = new Map();
    for (var cut = SHORTEST_PART; cut <= term.length - SHORTEST_PART; cut += 1) {
      var halves = [term.slice(0, cut), term.slice(cut)];
      var whole = halves.map(function (half) {
        return vocabulary.has(half) ? half : (vocabulary.has(half.replace(/s$/, "")) ? half.replace(/s$/, "") : "");
      });
      if (!whole[0] && !whole[1]) { continue; }
      halves.forEach(function (half, side) {
        if (whole[side]) { return; }
        whole[side] = allWords.find(function (word) {
          return word.length >= SHORTEST_PART && oneSlip(half, word);
        }) || "";
      });
      if (whole[0] && whole[1]) {
        found.set(whole[0], 0.5);
        found.set(whole[1], 0.5);
      }
    }
    return found;
  }

  /* Searching */

  function termsOf(question) {
    var found = wordsOf(question);
    // Of "back-up" only the whole is asked for.
    var whole = found.filter(function (one) {
      return !found.some(function (other) {
        return other !== one && other.from <= one.from && other.to >= one.to
          && other.to - other.from > one.to - one.from;
      });
    }).map(function (one) { return one.word; });
    var telling = whole.filter(function (word) { return !stopWords.has(word) && word.length > 1; });
    return Array.from(new Set(telling)).slice(0, MOST_TERMS);
  }

  // For one word of the question: how well each place and each entry answers it.
  function answersTo(term) {
    var meanings = meaningsOf(term);
    var byPlace = new Map();
    var byEntry = new Map();
    var strong = new Set();
    meanings.forEach(function (sure, word) {
      var daily = dailyWords.has(word);
      vocabulary.get(word).forEach(function (had, place) {
        if (daily && had.best < WEIGHTS.words) { return; }
        var worth = sure * had.best * (1 + Math.log(had.times) / 4);
        byPlace.set(place, Math.max(byPlace.get(place) || 0, worth));
        var entry = places[place].entry;
        if (had.best > WEIGHTS.text) { strong.add(entry); }
        // A second word that fits adds a little: a memo about logs says "log", "logs" and "logging".
        var before = byEntry.get(entry) || 0;
        byEntry.set(entry, Math.max(before, worth) + Math.min(before, worth) * 0.15);
      });
    });
    var rarity = Math.log(1 + data.entries.length / Math.max(byEntry.size, 1));
    if (byEntry.size === 0) { rarity = Math.log(1 + data.entries.length); }
    return { meanings: meanings, byPlace: byPlace, byEntry: byEntry, strong: strong, rarity: rarity };
  }

  function search(question) {
    var answers = termsOf(question).map(answersTo);
    var asked = answers.reduce(function (sum, answer) { return sum + answer.rarity; }, 0);
    var words = new Set();
    answers.forEach(function (answer) {
      answer.meanings.forEach(function (sure, word) { words.add(word); });
    });
    // Entries with a section that holds two words of the question.
    var together = new Set();
    places.forEach(function (place, at) {
      var held = answers.filter(function (answer) { return answer.byPlace.has(at); });
      if (held.length > 1) { together.add(place.entry); }
    });
    var hits = data.entries.map(function (entry, number) {
      var score = 0;
      var covered = 0;
      var isStrong = answers.length === 1;
      answers.forEach(function (answer) {
        var worth = answer.byEntry.get(number) || 0;
        if (worth > 0) { covered += answer.rarity; }
        if (answer.strong.has(number)) { isStrong = true; }
        score += worth * answer.rarity;
      });
      var share = asked > 0 ? covered / asked : 0;
      // One word of several, and that only in passing, is no answer.
      var fits = share >= ENOUGH && (isStrong || together.has(number));
      var first = entry.kind === "playbook" ? CARDS_FIRST : 1;
      return { number: number, entry: entry, score: fits ? score * share * share * first : 0 };
    }).filter(function (hit) { return hit.score > 0; });
    hits.sort(function (a, b) { return b.score - a.score || a.number - b.number; });
    var least = hits.length > 0 ? hits[0].score * NEAR : 0;
    hits = hits.filter(function (hit) { return hit.score >= least; });
    var small = smallWords(question);
    hits.forEach(function (hit) { hit.places = placesOf(hit.number, answers, small); });
    return { hits: hits, words: words };
  }

  // The small words of a question, also of two that some write as one: "hoe lang" is "hoelang".
  function smallWords(question) {
    var words = wordsOf(question).map(function (found) { return found.word; });
    words = words.concat(words.slice(1).map(function (word, at) { return words[at] + word; }));
    return new Set(words.filter(function (word) { return stopWords.has(word); }));
  }

  // The sections of an entry, the one that answers best first. Between equals a heading decides that asks the same.
  function placesOf(number, answers, small) {
    var own = [];
    places.forEach(function (place, at) {
      if (place.entry !== number) { return; }
      var inText = 0;
      answers.forEach(function (answer) {
        // What stands in the text and the heading of a section tells which one it is; the entry's words don't.
        var best = 0;
        wordsOf(place.heading).forEach(function (found) {
          best = Math.max(best, 2.5 * (answer.meanings.get(found.word) || 0));
        });
        if (best < 2.5 && answer.byPlace.has(at)) {
          wordsOf(place.text).forEach(function (found) {
            best = Math.max(best, answer.meanings.get(found.word) || 0);
          });
        }
        inText += best * answer.rarity;
      });
      if (inText > 0) {
        wordsOf(place.heading).forEach(function (found) {
          if (small.has(found.word)) { inText += 0.5; }
        });
      }
      own.push({ place: place, score: inText, at: at });
    });
    own.sort(function (a, b) { return b.score - a.score || a.at - b.at; });
    return own;
  }

  /* Showing */

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) { made.className = className; }
    if (text) { made.textContent = text; }
    return made;
  }

  // Sentences and lines of a text, with their places.
  function sentencesOf(text) {
    var found = [];
    var ends = /[.!?]+(?=\s)|\n|$/g;
    var from = 0;
    var end;
    while ((end = ends.exec(text)) !== null) {
      var to = end.index + end[0].length;
      if (text.slice(from, to).trim()) { found.push({ from: from, to: to }); }
      from = to;
      if (end.index >= text.length) { break; }
      if (end[0] === "") { ends.lastIndex += 1; }
    }
    return found;
  }

  // From the sentence that holds most of what was asked, as far as there is room.
  function excerptOf(text, words) {
    var sentences = sentencesOf(text);
    var best = 0;
    var most = 0;
    sentences.forEach(function (sentence, number) {
      var seen = new Set();
      wordsOf(text.slice(sentence.from, sentence.to)).forEach(function (found) {
        if (words.has(found.word)) { seen.add(found.word); }
      });
      if (seen.size > most) { most = seen.size; best = number; }
    });
    if (sentences.length === 0) { return ""; }
    var from = sentences[best].from;
    var rest = text.slice(from).trimStart();
    // A paragraph that is long enough stands alone.
    var end = rest.indexOf("\n");
    if (end >= EXCERPT / 2) { rest = rest.slice(0, end); }
    if (rest.length <= EXCERPT) { return rest; }
    var cut = rest.lastIndexOf(" ", EXCERPT);
    return rest.slice(0, cut > 0 ? cut : EXCERPT) + " …";
  }

  // Lines as one: what doesn't end by itself gets a point between.
  function inline(text) {
    return text.replace(/([.:;,!?])\n/g, "$1 ").replace(/\n/g, " · ");
  }

  function marked(text, words) {
    var made = element("p");
    var done = 0;
    wordsOf(text).forEach(function (found) {
      if (!words.has(found.word) || found.from < done) { return; }
      made.append(text.slice(done, found.from), element("mark", "", text.slice(found.from, found.to)));
      done = found.to;
    });
    made.append(text.slice(done));
    return made;
  }

  function linkTo(entry, place, text) {
    var link = element("a", "", text);
    var anchor = place && place.anchor ? "#" + place.anchor : "";
    link.href = entry.address + anchor;
    return link;
  }

  function itemOf(hit, words) {
    var item = element("li");
    var best = hit.places[0];
    var place = best ? best.place : null;
    var kind = data.kinds[hit.entry.kind] || hit.entry.kind;
    var heading = place && place.heading ? kind + " | " + place.heading : kind;
    var title = element("h3");
    title.append(linkTo(hit.entry, place, hit.entry.title));
    item.append(title, element("p", "label", heading));
    if (place) { item.append(marked(inline(excerptOf(place.text, words)), words)); }
    var also = hit.places.slice(1, 3).filter(function (other) {
      return other.place.heading && other.score >= best.score * 0.7 && other.score > 0;
    });
    if (also.length > 0) {
      var line = element("p", "also", results.dataset.also + " ");
      also.forEach(function (other, count) {
        if (count > 0) { line.append("; "); }
        line.append(linkTo(hit.entry, other.place, other.place.heading));
      });
      item.append(line);
    }
    return item;
  }

  function show(found) {
    results.replaceChildren();
    var list = element("ol");
    found.hits.forEach(function (hit, count) {
      var item = itemOf(hit, found.words);
      item.hidden = count >= FIRST_SHOWN;
      list.append(item);
    });
    results.append(list);
    var rest = found.hits.length - FIRST_SHOWN;
    if (rest > 0) {
      var more = element("button", "", results.dataset.rest.replace("{n}", String(rest)));
      more.type = "button";
      more.addEventListener("click", function () {
        Array.from(list.children).forEach(function (item) { item.hidden = false; });
        more.remove();
        var first = list.children[FIRST_SHOWN].querySelector("a");
        if (first) { first.focus(); }
      });
      results.append(more);
    }
  }

  function clear() {
    results.replaceChildren();
    results.hidden = true;
    nothing.hidden = true;
    status.textContent = "";
  }

  function run(question) {
    if (!question.trim()) { return clear(); }
    var found = search(question);
    var count = found.hits.length;
    results.hidden = count === 0;
    nothing.hidden = count > 0;
    show(found);
    status.textContent = count === 0 ? status.dataset.none
      : count === 1 ? status.dataset.one
        : status.dataset.more.replace("{n}", String(count));
  }

  /* The address: ?q= or #q=, so that a search can be linked. */

  function asked() {
    var hash = /^#q=/.test(location.hash) ? new URLSearchParams(location.hash.slice(1)).get("q") : null;
    var query = hash === null ? new URLSearchParams(location.search).get("q") : hash;
    return query === null ? null : query.slice(0, input.maxLength > 0 ? input.maxLength : 200);
  }

  function remember(question) {
    var tail = question.trim() ? "q=" + encodeURIComponent(question.trim()) : "";
    try {
      history.replaceState(null, "", location.pathname + (tail ? "?" + tail : ""));
    } catch (refused) {
      // A page opened from a disk may change only what stands behind the #.
      try { history.replaceState(null, "", tail ? "#" + tail : "#"); } catch (again) { /* It is a convenience. */ }
    }
  }

  function fromAddress() {
    var question = asked();
    if (question !== null) {
      input.value = question;
      run(question);
    }
    return question !== null;
  }

  /* Keys and buttons */

  var waiting = 0;
  input.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(function () {
      run(input.value);
      remember(input.value);
    }, 200);
  });

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    clearTimeout(waiting);
    run(input.value);
    remember(input.value);
    if (!results.hidden) {
      results.focus();
      status.scrollIntoView({ block: "nearest" });
    }
  });

  // Down from the field and from result to result, up again; Escape empties the field.
  function move(event) {
    var stops = [input].concat(Array.from(results.querySelectorAll("li:not([hidden]) h3 a")));
    var at = stops.indexOf(document.activeElement);
    if (at < 0 && document.activeElement === results) { at = 0; }
    if (at < 0) { return; }
    var next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }

  [input, results].forEach(function (part) {
    part.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { move(event); }
      if (event.key === "Escape") {
        input.value = "";
        clear();
        remember("");
        input.focus();
      }
    });
  });

  window.addEventListener("hashchange", fromAddress);
  form.hidden = false;
  if (fromAddress()) { form.parentElement.scrollIntoView({ block: "start" }); }
}());
