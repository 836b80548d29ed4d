//! Backups of the real program: who may read them, what a damaged one does, what becomes of a town without its secret (threats R14).

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use system_tests::Program;

#[test]
fn r14_a_damaged_backup_restores_nothing_and_a_whole_one_everything() {
    let town = Program::new("a.localhost");
    let _made = town.command(&["account", "create", "--username", "ana", "--email", "ana@mail.example"]);
    // It makes the town's own actor, whose key is sealed with the secret.
    let _looked = town.output(&["doctor"]);
    let file = town.folder().join("town.backup");
    let path = file.to_str().unwrap();
    let _said = town.command(&["backup", path]);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "for its owner only");

    let moved = town.moved();
    let refused = |path: &str, why: &str| {
        let output = moved.output(&["restore", path]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(why), "{said}");
        let left: Vec<_> = fs::read_dir(moved.folder()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| name == "secret.key"), "left behind: {left:?}");
        said
    };
    let whole = fs::read(&file).unwrap();
    let half = town.folder().join("half.backup");
    fs::write(&half, &whole[..3_000]).unwrap();
    refused(path, "put the secret key of the old machine there first");
    fs::copy(town.folder().join("secret.key"), moved.folder().join("secret.key")).unwrap();
    refused(half.to_str().unwrap(), "damaged or not whole");
    let said = refused("/etc/passwd", "no backup of Parvis");
    assert!(!said.contains("root:"), "nothing of a strange file is shown: {said}");

    let _said = moved.command(&["restore", path]);
    assert!(!moved.command(&["account", "token", "--username", "ana"]).is_empty());

    fs::remove_file(moved.folder().join("secret.key")).unwrap();
    let output = moved.output(&["account", "token", "--username", "ana"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("secret.key is missing"), "{said}");
    assert!(!moved.folder().join("secret.key").exists(), "no new secret for an old database");
}
