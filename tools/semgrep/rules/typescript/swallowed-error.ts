// ruleid: swallowed-error
try {
  save();
} catch {}
// ruleid: swallowed-error
try {
  save();
} catch (error) {
} finally {
  close();
}
// ok: swallowed-error
try {
  save();
} catch (error) {
  logger.debug({ err: error }, "the view was not saved");
}
// ok: swallowed-error
try {
  save();
} finally {
  close();
}
function valid(text: string) {
  // ok: swallowed-error
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
