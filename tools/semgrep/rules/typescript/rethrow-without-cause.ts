async function load(path: string) {
  try {
    return await read(path);
  } catch (error) {
    // ruleid: rethrow-without-cause
    throw new Error(`${path} could not be read.`);
  }
}
async function fetchAll() {
  await client.load().catch((cause: Error) => {
    // ruleid: rethrow-without-cause
    throw new ObjectsError(`No answer (${cause.message}).`);
  });
}
async function good(path: string) {
  try {
    // ok: rethrow-without-cause
    if (path === "") throw new Error("The path is empty.");
    return await read(path);
  } catch (cause) {
    // ok: rethrow-without-cause
    throw new Error(`${path} could not be read.`, { cause });
  }
}
function again(path: string) {
  try {
    return read(path);
  } catch (error) {
    // ok: rethrow-without-cause
    throw error;
  }
}
function unrelated(path: string) {
  // ok: rethrow-without-cause
  throw new Error(`${path} is not a path.`);
}
function openState(folder: string) {
  try {
    mkdirSync(folder);
  } catch (error) {
    // ok: rethrow-without-cause
    if (error.code === "EEXIST") throw new UserError(`${folder} is a file; name another one with --state.`);
    throw error;
  }
}
