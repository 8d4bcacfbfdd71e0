//! A release in a registry: what `make package` packs is installed by Terraform with all of its checks, and what was changed on the
//! way is refused.
//!
//! The program in the archive of this machine is the one that the tests were built with; those of other platforms stand in for
//! themselves.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use support::{PROGRAM, Scenario};
use tensorpool_simulator::Options;
use terraform_plugin_packaging::checksums::sha256;
use terraform_plugin_packaging::provider::Purpose;
use terraform_plugin_packaging::signature::{self, SigningKey};
use terraform_plugin_packaging::{Platform, Provider, Release};
use terraform_plugin_testing::registry::{Offer, Registry};
use terraform_plugin_testing::{
    Cli, Installation, Product, Run, ThrowawayKey, Workspace, files_below, left_out_without_tool, platform,
};

const ADDRESS: &str = "tensorpool/tensorpool";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A key to sign with. `None` if this machine cannot sign, which is said in a line.
fn throwaway_key(algorithm: &str, folder: &Path) -> Option<ThrowawayKey> {
    let key = ThrowawayKey::generate(algorithm, folder);
    if key.is_none() {
        left_out_without_tool("there is no gpg to sign a release with");
    }
    key
}

/// A folder that is gone after the test, with a release of all platforms in it.
struct Packed {
    folder: tempfile::TempDir,
    key: ThrowawayKey,
}

impl Packed {
    /// `None` if this machine cannot sign.
    fn release() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let key = throwaway_key("rsa2048", &folder.path().join("keys"))?;
        let provider = Provider::read(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("it is the provider");
        let programs = folder.path().join("programs");
        for released in Platform::ALL {
            let program = programs.join(released.to_string()).join(released.program(&provider.name));
            fs::create_dir_all(program.parent().expect("a folder")).expect("it can be created");
            if released.to_string() == platform() {
                fs::copy(PROGRAM, &program).expect("it can be copied");
            } else {
                fs::write(&program, format!("stands in for {released}")).expect("it can be written");
            }
        }
        let signing = SigningKey { armored: key.private.clone(), passphrase: String::new() };
        Release::pack(&provider, &programs, &folder.path().join("release"), Some(&signing), Purpose::Trial)
            .expect("it is packed");
        Some(Self { folder, key })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The release as a registry offers it.
    fn offer(&self) -> Offer {
        Offer::read(ADDRESS, VERSION, &self.path("release"), &self.key.public, &self.key.id)
    }

    /// The signature of this key over a text.
    fn sign(&self, text: &[u8]) -> Vec<u8> {
        sign(text, &self.key, &self.path("signed"))
    }
}

fn sign(text: &[u8], key: &ThrowawayKey, file: &Path) -> Vec<u8> {
    fs::write(file, text).expect("it can be written");
    let key = SigningKey { armored: key.private.clone(), passphrase: String::new() };
    fs::read(signature::sign(file, &key).expect("it is signed")).expect("it can be read")
}

/// A scenario whose provider comes from a registry.
struct Site {
    scenario: Scenario,
    source: String,
    _registry: Registry,
}

impl Site {
    fn new(name: &str, offer: &Offer) -> Self {
        let registry = Registry::serve(offer);
        let source = registry.source(ADDRESS);
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let installation = Installation::Registry { address: &source };
        let mut workspace = Workspace::create(&directory, &installation).expect("it can be created");
        workspace.write_file("certificate.pem", registry.certificate());
        let trusted = workspace.path("certificate.pem").display().to_string();
        workspace.set("SSL_CERT_FILE", &trusted);
        let scenario = Scenario::in_workspace(workspace, Options::default());
        scenario.write_cluster("  instance_type = \"1xH100\"");
        Self { scenario, source, _registry: registry }
    }

    fn init(&self) -> Run {
        self.scenario.run(&["init", "-input=false", "-no-color"])
    }
}

#[test]
fn a_signed_release_is_installed_applied_and_locked_for_all_platforms() {
    let Some(packed) = Packed::release() else { return };
    let offer = packed.offer();
    let site = Site::new("registry-signed", &offer);
    let init = site.init().ok();
    // Terraform distinguishes who signed, by signatures of its own that it lacks here.
    let signed = match Cli::at_hand().product {
        Product::Terraform => "self-signed",
        Product::OpenTofu => "signed",
    };
    assert!(init.text.contains(&format!("({signed}, key ID {})", packed.key.id)), "{}", init.text);

    site.scenario.apply().ok();
    assert_eq!(site.scenario.cloud.clusters().len(), 1);
    site.scenario.expect_empty_plan();
    site.scenario.destroy().ok();
    assert!(site.scenario.cloud.clusters().is_empty());

    let lock = fs::read_to_string(site.scenario.path(".terraform.lock.hcl")).expect("there is a lock file");
    assert!(lock.contains(&format!("provider \"{}\"", site.source)), "{lock}");
    let is_archive = |name: &str| Path::new(name).extension().is_some_and(|end| end == "zip");
    for (name, content) in offer.files.iter().filter(|(name, _)| is_archive(name)) {
        assert!(lock.contains(&format!("\"zh:{}\"", sha256(content))), "{name} is not locked: {lock}");
    }
    let archive = offer.files.iter().find(|(name, _)| name.ends_with(&format!("_{}.zip", platform())));
    let unpacked = hash_of_unpacked(&archive.expect("there is one for this machine").1);
    assert!(lock.contains(&format!("\"{unpacked}\"")), "{unpacked} is not locked: {lock}");
}

/// Terraform's hash of an unpacked package: of the sums and names of its files, as `sha256sum` lists them.
/// <https://developer.hashicorp.com/terraform/language/files/dependency-lock#h1-hash-1>
fn hash_of_unpacked(archive: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).expect("it is an archive");
    let mut lines: Vec<String> = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("it is there");
        let mut content = Vec::new();
        std::io::copy(&mut file, &mut content).expect("it can be unpacked");
        let name = file.name().expect("it is text");
        lines.push(format!("{}  {name}\n", sha256(&content)));
    }
    lines.sort_by(|one, other| one[66..].cmp(&other[66..]));
    let digest = sha256(lines.concat().as_bytes());
    let bytes =
        (0..digest.len()).step_by(2).map(|at| u8::from_str_radix(&digest[at..at + 2], 16).expect("hexadecimal"));
    format!("h1:{}", base64::engine::general_purpose::STANDARD.encode(bytes.collect::<Vec<_>>()))
}

/// What somebody changes of an offer.
type Change<'a> = Box<dyn Fn(&mut Offer) + 'a>;

#[test]
fn a_release_that_was_changed_is_refused() {
    let Some(packed) = Packed::release() else { return };
    let here = format!("_{}.zip", platform());
    let other = throwaway_key("rsa2048", &packed.path("other keys")).expect("there is gpg");
    let sums = String::from_utf8(packed.offer().file("_SHA256SUMS").clone()).expect("it is text");
    let falsified = |is_wanted: &dyn Fn(&str) -> bool| {
        let falsify = |line: &str| format!("{}{}\n", "0".repeat(64), &line[64..]);
        let lines = sums.lines().map(|line| if is_wanted(line) { falsify(line) } else { format!("{line}\n") });
        lines.collect::<String>().into_bytes()
    };
    let (own_sum, other_sums) = (falsified(&|line| line.ends_with(&here)), falsified(&|line| !line.ends_with(&here)));

    let cases: [(&str, Change<'_>, &str); 6] = [
        (
            "a byte of the archive",
            Box::new(|offer| *offer.file(&here).last_mut().expect("it is not empty") ^= 1),
            "checksum",
        ),
        (
            "the sum of the archive, signed",
            Box::new(|offer| {
                let signature = packed.sign(&own_sum);
                offer.file("_SHA256SUMS").clone_from(&own_sum);
                *offer.file(".sig") = signature;
            }),
            "checksum",
        ),
        (
            "the sums of others, after they were signed",
            Box::new(|offer| offer.file("_SHA256SUMS").clone_from(&other_sums)),
            "signature",
        ),
        (
            "the key that signed",
            Box::new(|offer| *offer.file(".sig") = sign(sums.as_bytes(), &other, &packed.path("signed by another"))),
            "signature",
        ),
        ("the signature", Box::new(|offer| *offer.file(".sig") = b"no signature".to_vec()), "signature"),
        ("the archive of this machine", Box::new(|offer| offer.remove(&here)), "current platform"),
    ];
    for (index, (what, change, said)) in cases.iter().enumerate() {
        let mut offer = packed.offer();
        change(&mut offer);
        let site = Site::new(&format!("registry-changed-{index}"), &offer);
        let init = site.init();
        assert_ne!(init.code, Some(0), "{what} was changed, and it is installed: {}", init.text);
        let text = init.text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(said), "{what} was changed: {text}");
        let installed = site.scenario.path(".terraform/providers");
        let mut left = files_below(&installed).unwrap_or_default();
        // OpenTofu locks what it is about to install.
        left.retain(|file| Path::new(file).extension().is_none_or(|end| end != "lock"));
        assert!(left.is_empty(), "{what} was changed, and something was installed: {left:?}");
    }
}

#[test]
fn a_key_whose_signatures_terraform_does_not_verify_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(key) = throwaway_key("ed25519", &folder.path().join("keys")) else { return };
    let file = folder.path().join("SHA256SUMS");
    fs::write(&file, "sums\n").expect("it can be written");
    let key = SigningKey { armored: key.private, passphrase: String::new() };
    let said = signature::sign(&file, &key).expect_err("Terraform could not verify it").to_string();
    assert!(said.contains("Terraform verifies only signatures of RSA and DSA keys"), "{said}");
    assert!(!folder.path().join("SHA256SUMS.sig").exists());
}
