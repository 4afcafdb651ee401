import { DatabaseSync } from "node:sqlite";

const db = new DatabaseSync("queue.sqlite");
// ruleid: sql-from-strings
db.prepare(`SELECT * FROM photos WHERE name = '${name}'`);
// ruleid: sql-from-strings
db.exec("DELETE FROM photos WHERE id = " + id);
// ruleid: sql-from-strings
db.exec(`
  UPDATE photos SET state = '${state}'`);
// ok: sql-from-strings
db.prepare("SELECT * FROM photos WHERE name = ?").get(name);
// ok: sql-from-strings
db.prepare("SELECT name FROM photos " + "WHERE id = ?");
// ok: sql-from-strings
db.exec(`UPDATE photos SET state = 'pending'`);
// ok: sql-from-strings
db.exec(SCHEMA);
// ok: sql-from-strings
/^a/.exec(`${folder}/${name}`);
// ok: sql-from-strings
logger.query("select " + answer);
