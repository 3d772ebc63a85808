//! Reads `knowledge/weights.txt`: what the classifier learned from the labelled reports in `examples/`.

use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::triage::trained::model::Model;
use std::sync::Arc;

/// The file with the weights.
pub const PATH: &str = "weights.txt";

/// The weights of a text.
///
/// # Errors
/// Where it holds no weights that this program can use.
pub fn load(text: &str) -> Result<Option<Arc<Model>>, Vec<Trouble>> {
    let model =
        Model::from_text(text).map_err(|bad| vec![Trouble::at(PATH, bad.line, bad.to_string())])?;
    Ok(Some(Arc::new(model)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_line_is_named_with_its_remedy() {
        let told = load("step 0.1\nnonsense\n").unwrap_err();
        assert_eq!(told[0].line, 2);
        assert!(told[0].what.contains("eerstelijn triage train"));
    }
}
