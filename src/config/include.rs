//! `include`: more files with sites.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use super::diagnostics::{Also, Complaint, Diagnostic};
use super::outside::Outside;
use super::raw::{At, Texts};
use super::read::{File, read};
use crate::limits;

/// The files that `main` includes, each once, in the order of the list and of their names. What is wrong with the list is
/// noted.
pub(super) fn included(main: &mut File, outside: &dyn Outside) -> Vec<File> {
    let Some(Texts(patterns)) = main.root.include.take() else { return Vec::new() };
    let mut files = Vec::new();
    let mut seen = BTreeSet::from([main.path.clone()]);
    let mut room = limits::CONFIG_BYTES.saturating_sub(main.source.text.len() as u64);
    for pattern in &patterns {
        let mut complain = |complaint: Complaint| main.problems.push(complaint.at(pattern.span()));
        let found = match found(pattern, &main.path, outside) {
            Ok(found) => found,
            Err(complaint) => {
                complain(complaint);
                continue;
            }
        };
        for path in found {
            if !seen.insert(std::path::absolute(&path).unwrap_or_else(|_| path.clone())) {
                continue;
            }
            if files.len() == limits::INCLUDED_FILES {
                complain(Complaint::new(format!("more than {} files are included", limits::INCLUDED_FILES)));
                return files;
            }
            match outside.text(&path) {
                Ok(text) if text.len() as u64 <= room => {
                    room -= text.len() as u64;
                    files.push(read(&text, &path, Some(&main.source.name)));
                }
                Ok(_) => {
                    let most = limits::CONFIG_BYTES / 1024 / 1024;
                    complain(Complaint::new(format!("the included files have more than {most} MiB together")));
                    return files;
                }
                Err(why) => complain(Complaint::new(why)),
            }
        }
    }
    files
}

fn found(pattern: &At<String>, main: &Path, outside: &dyn Outside) -> Result<Vec<std::path::PathBuf>, Complaint> {
    if pattern.contains("**") {
        return Err(Complaint::new("`**` would go through every folder below")
            .help("name the folders: `[\"a/*.toml\", \"b/*.toml\"]`"));
    }
    // Relative, as the main file's own name is: messages name included files in the same way.
    let folder = main.parent().unwrap_or(main);
    outside.matching(folder, pattern).map_err(|why| {
        Complaint::new(why).help("paths are seen from the folder of this file; `*` stands for any letters")
    })
}

/// Notes every site and every merged feed that stands in two files.
pub(super) fn note_twice(files: &mut [File]) {
    let mut first: BTreeMap<String, (usize, Range<usize>)> = BTreeMap::new();
    let mut twice: Vec<Diagnostic> = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let sites = file.root.sites.iter().flatten().map(|(name, _)| name);
        let merged = file.root.merged.iter().flatten().map(|(name, _)| name);
        for name in sites.chain(merged) {
            match first.get(name.get_ref()) {
                Some((other, span)) if *other != number => {
                    let complaint = Complaint::new(format!("`{}` stands in two files", name.get_ref()))
                        .label("here again")
                        .help("a feed has one table: take one of them out, or give it another name");
                    let also = Also { file: *other, span: span.clone(), label: "it is here already".to_owned() };
                    twice.push(Diagnostic { file: number, also: Some(also), ..complaint.at(name.span()) });
                }
                // Within one file, a site and a merged feed of the same name are told apart elsewhere.
                Some(_) => {}
                None => {
                    first.insert(name.get_ref().clone(), (number, name.span()));
                }
            }
        }
    }
    for problem in twice {
        if let Some(file) = files.get_mut(problem.file) {
            file.problems.push(problem);
        }
    }
}
