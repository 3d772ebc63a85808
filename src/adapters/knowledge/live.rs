//! The knowledge of a folder that people edit while the service runs.
//!
//! What is in use never changes under somebody's hands: another version is another `KnowledgeBase`, made aside and put
//! in its place as a whole. When that happens is the runtime's business; here is what is read, and what is kept where a
//! file is broken.

use crate::adapters::knowledge::files::{self, Files, Folder, Marks};
use crate::adapters::knowledge::trouble::{Trouble, as_error};
use crate::adapters::knowledge::{KnowledgeBase, OrganisationWords};
use crate::app::ports::knowledge::{Knowledge, KnowledgeError, Sought};
use crate::domain::guidance::entry::{Background, Entry};
use crate::domain::guidance::handbook::{Handbook, Passage};
use crate::domain::guidance::reply::{RenderedMail, ReplyPlan};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// Rounds in which broken files get their old text back: each round may uncover others.
const MOST_ROUNDS: usize = 5;

/// A folder, and the knowledge of its last version that could be used.
pub struct LiveKnowledge {
    folder: PathBuf,
    organisation: OrganisationWords,
    /// The folder as it was when it was opened.
    opened: Marks,
    current: RwLock<Version>,
}

/// One version in use.
#[derive(Clone)]
struct Version {
    base: Arc<KnowledgeBase>,
    /// The texts it was made of.
    files: Arc<Files>,
}

impl Version {
    /// Files with these mistakes get the text that is in use; one that is new goes. For a folder all its files do.
    fn stands_in(&self, found: &[Trouble], files: &mut Files) {
        for trouble in found {
            if trouble.path.ends_with('/') {
                let below = |path: &String| path.starts_with(&trouble.path);
                let kept = self.files.iter().filter(|(path, _)| below(path));
                files.retain(|path, _| !below(path));
                files.extend(kept.map(|(path, text)| (path.clone(), text.clone())));
                continue;
            }
            match self.files.get(&trouble.path) {
                Some(text) => files.insert(trouble.path.clone(), text.clone()),
                None => files.remove(&trouble.path),
            };
        }
    }
}

/// Another version, made aside.
pub struct Renewal {
    version: Version,
    /// What is wrong in the folder; these files keep their old text. Empty where all is in order.
    troubles: Vec<Trouble>,
}

impl Renewal {
    /// The knowledge of the new version.
    pub fn knowledge(&self) -> Arc<dyn Knowledge> {
        Arc::clone(&self.version.base) as Arc<dyn Knowledge>
    }
}

impl LiveKnowledge {
    /// The knowledge of this folder.
    ///
    /// # Errors
    /// Every mistake in its files: a service begins with all of them in order.
    pub fn open(folder: &Path, organisation: OrganisationWords) -> Result<Self, KnowledgeError> {
        // Before it is read: what changes meanwhile is seen then.
        let opened = files::marks(folder).map_err(|found| as_error(&found))?;
        let read = Folder::read(folder).map_err(|found| as_error(&found))?;
        let base = KnowledgeBase::of_folder(&read, organisation.clone())
            .map_err(|found| as_error(&found))?;
        Ok(Self {
            folder: folder.to_path_buf(),
            organisation,
            opened,
            current: RwLock::new(Version {
                base: Arc::new(base),
                files: Arc::new(read.files),
            }),
        })
    }

    /// The marks of the folder as it was when it was opened.
    pub fn marks_when_read(&self) -> Marks {
        self.opened.clone()
    }

    /// What tells whether a file of the folder was changed: names, sizes and times of all.
    ///
    /// # Errors
    /// Where the folder can't be read.
    pub fn marks(&self) -> Result<Marks, Vec<Trouble>> {
        files::marks(&self.folder)
    }

    /// Reads the folder anew, and says what came of it. A file that can't be used keeps its old text, one that is new
    /// is left out until it can, one that is gone and needed stays.
    ///
    /// # Errors
    /// Where nothing can be used; then what is in use stays.
    pub fn read_again(&self) -> Result<Renewal, Vec<Trouble>> {
        let old = self.version();
        let Folder {
            mut files,
            unreadable: mut troubles,
            ..
        } = Folder::read(&self.folder)?;
        old.stands_in(&troubles, &mut files);
        for _ in 0..MOST_ROUNDS {
            let found = match KnowledgeBase::from_texts(&files, self.organisation.clone()) {
                Ok(base) => {
                    // Here, where nobody waits for an answer.
                    base.prepare()
                        .map_err(|error| Trouble::of_file("", error.to_string()))?;
                    return Ok(Renewal {
                        version: Version {
                            base: Arc::new(base),
                            files: Arc::new(files),
                        },
                        troubles,
                    });
                }
                Err(found) => found,
            };
            let before = files.clone();
            old.stands_in(&found, &mut files);
            troubles.extend(found);
            if files == before {
                break;
            }
        }
        Err(troubles)
    }

    /// Puts another version in the place of the one in use, and says what is wrong in the folder: nothing, or
    /// files that kept their old text.
    pub fn take(&self, renewal: Renewal) -> Vec<Trouble> {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = renewal.version;
        renewal.troubles
    }

    fn version(&self) -> Version {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.clone()
    }

    fn base(&self) -> Arc<KnowledgeBase> {
        self.version().base
    }
}

impl Knowledge for LiveKnowledge {
    fn handbook(&self) -> Arc<Handbook> {
        self.base().handbook()
    }

    fn search(&self, sought: &Sought<'_>) -> Result<Vec<Passage>, KnowledgeError> {
        self.base().search(sought)
    }

    fn render(&self, plan: &ReplyPlan) -> Result<RenderedMail, KnowledgeError> {
        self.base().render(plan)
    }

    fn archive(&self) -> Vec<u8> {
        self.base().archive()
    }

    fn entries(&self) -> Arc<[Entry]> {
        self.base().entries()
    }

    fn background(&self, passage: &Passage) -> Background {
        self.base().background(passage)
    }

    fn prepare(&self) -> Result<(), KnowledgeError> {
        self.base().prepare()
    }

    fn pinned(self: Arc<Self>) -> Arc<dyn Knowledge> {
        self.base()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::knowledge::copy::copy_shipped;
    use crate::adapters::knowledge::shipped::organisation;
    use crate::domain::triage::language::Language;

    fn shipped() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        copy_shipped(folder.path()).unwrap();
        folder
    }

    fn change(folder: &Path, file: &str, old: &str, new: &str) {
        let path = folder.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{file} has no {old:?}");
        std::fs::write(path, text.replacen(old, new, 1)).unwrap();
    }

    fn title_of_wifi(knowledge: &LiveKnowledge) -> String {
        let sought = Sought {
            words: "wifi voor bezoekers",
            language: Language::Nl,
            on: "2026-11-26".parse().unwrap(),
            only: None,
            limit: 8,
        };
        let found = knowledge.search(&sought).unwrap();
        let wifi = found.into_iter().find(|passage| passage.id == "wifi");
        wifi.map(|passage| passage.title).unwrap_or_default()
    }

    #[test]
    fn a_broken_file_keeps_its_old_text_and_the_others_count() {
        let folder = shipped();
        let live = LiveKnowledge::open(folder.path(), organisation()).unwrap();
        let first = Arc::new(live);
        let pinned = Arc::clone(&first).pinned();
        let before = first.marks_when_read();
        assert_eq!(first.marks().unwrap(), before);

        change(
            folder.path(),
            "memos/wifi.md",
            "title = \"",
            "title = \"Nieuw: ",
        );
        change(folder.path(), "memos/mfa.md", "owner = ", "ownr = ");
        change(
            folder.path(),
            "lexicon/nl-categories.toml",
            "language = ",
            "langage = ",
        );
        std::fs::remove_file(folder.path().join("contacts.toml")).unwrap();
        std::fs::write(folder.path().join("memos/half.md"), "+++\n").unwrap();
        // Saved by a program that knows no UTF-8.
        std::fs::write(folder.path().join("inventory.csv"), b"caf\xe9").unwrap();
        std::fs::write(folder.path().join("memos/new.md"), b"caf\xe9").unwrap();
        assert_ne!(first.marks().unwrap(), before);

        let renewal = first.read_again().unwrap();
        let version = renewal.knowledge().handbook().version.clone();
        assert_ne!(version, first.handbook().version, "not in use yet");
        let troubles = first.take(renewal);
        let mut broken: Vec<&str> = troubles
            .iter()
            .map(|trouble| trouble.path.as_str())
            .collect();
        broken.sort_unstable();
        broken.dedup();
        let expected = [
            "contacts.toml",
            "inventory.csv",
            "lexicon/nl-categories.toml",
            "memos/half.md",
            "memos/mfa.md",
            "memos/new.md",
        ];
        assert_eq!(broken, expected);
        assert!(title_of_wifi(&first).starts_with("Nieuw: "));
        assert_eq!(first.handbook().version, version);
        assert_ne!(
            pinned.handbook().version,
            version,
            "a step goes on with what it began with"
        );
    }
}
