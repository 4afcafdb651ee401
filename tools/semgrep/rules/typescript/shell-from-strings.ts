import child, { exec, execFile, execSync, spawn, spawnSync } from "node:child_process";

// ruleid: shell-from-strings
exec(`tar -xf ${file}`, done);
// ruleid: shell-from-strings
execSync("git log " + revision);
// ruleid: shell-from-strings
child.execSync(command);
// ruleid: shell-from-strings
spawn("helm", ["template", chart], { shell: true });
// ruleid: shell-from-strings
spawnSync(command, { stdio: "inherit", shell: "/bin/bash" });
// ok: shell-from-strings
execFile("tar", ["-xf", file], done);
// ok: shell-from-strings
spawn("helm", ["template", chart], { cwd: folder });
// ok: shell-from-strings
spawn("helm", [chart], { shell: false });
// ok: shell-from-strings
execSync("git rev-parse HEAD");
// ok: shell-from-strings
pattern.exec(`tar -xf ${file}`);
