//! tftest: a module is tested from Python, with pytest.

use crate::problem::{Problem, expect};
use crate::program::succeed;
use crate::{client, installed};

pub fn run() -> Result<(), Problem> {
    let programs = installed::python("tftest", "tests/clients/tftest/requirements.txt")?;
    let session = client::session("tftest", &["examples/testing/main.tf", "tests/clients/tftest/test_module.py"])?;
    let mut pytest = session.program(programs.join("python"));
    pytest.args(["-m", "pytest", "-p", "no:cacheprovider", "test_module.py"]);
    pytest.env("TF", terraform_plugin_testing::terraform()).env("HOME", session.path(""));
    let text = succeed(&mut pytest)?;
    expect(text.contains("5 passed"), || text)?;
    session.expect_empty_cloud()
}
