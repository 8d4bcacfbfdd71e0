//! Paths of the machine that built a program: which there are, by what they are replaced, and whether any is left in the program.

use std::path::{Path, PathBuf};

/// A folder of this machine, and what stands for it in a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Folder {
    pub path: PathBuf,
    pub name: &'static str,
}

/// The options with which Rust's compiler writes the names in place of the folders. Where one folder lies in another, the later
/// option counts, so they go from the outer to the inner ones.
pub(crate) fn rust_options(folders: &[Folder]) -> Vec<String> {
    folders.iter().map(|Folder { path, name }| format!("--remap-path-prefix={}={name}", path.display())).collect()
}

/// The same for a compiler of C, for dependencies that bring some.
pub(crate) fn c_options(folders: &[Folder]) -> String {
    let options = folders.iter().map(|Folder { path, name }| format!("-ffile-prefix-map={}={name}", path.display()));
    options.collect::<Vec<_>>().join(" ")
}

/// What a program says of these folders: each text in it that names one, in the order of the program.
pub(crate) fn found_in(program: &[u8], folders: &[&Path]) -> Vec<String> {
    let mut found = Vec::new();
    for text in program.split(|byte| !matches!(byte, 0x20..0x7f)) {
        let text = String::from_utf8_lossy(text);
        // Without the separator the folder /root would be found in /rootless.
        if folders.iter().any(|folder| text.contains(&format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR))) {
            found.push(text.into_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::path::MAIN_SEPARATOR_STR;

    use super::*;

    #[test]
    fn a_text_in_a_program_that_names_a_folder_is_found() {
        let here = |text: &str| text.replace('/', MAIN_SEPARATOR_STR);
        let (one, other) = (here("/home/me/p/src/main.rs"), here("see /home/me/.cargo/registry"));
        let strangers = (here("/home/men/"), here("/home/me"));
        let before = format!("\x7fELF\0{one}\0\x01\x02{}\0{other}", strangers.0);
        let program = [before.as_bytes(), b"\xff", strangers.1.as_bytes()].concat();
        let found = found_in(&program, &[Path::new(&here("/home/me"))]);
        assert_eq!(found, [one, other]);
    }

    #[test]
    fn compilers_get_a_name_for_each_folder() {
        let folders = [Folder { path: "/w".into(), name: "." }, Folder { path: "/w/target".into(), name: "target" }];
        assert_eq!(rust_options(&folders), ["--remap-path-prefix=/w=.", "--remap-path-prefix=/w/target=target"]);
        assert_eq!(c_options(&folders), "-ffile-prefix-map=/w=. -ffile-prefix-map=/w/target=target");
    }
}
