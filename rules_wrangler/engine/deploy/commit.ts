import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What is told to Cloudflare of where a deployment comes from. */
export interface Commit {
  readonly hash: string;
  readonly message: string;
  readonly dirty: boolean;
}

/** The commit of a workspace; outside of git the digest of the site stands in for it. */
export async function commitOf(workspace: string | undefined, digest: string): Promise<Commit> {
  const mark = `site sha256:${digest.slice(0, 16)}`;
  if (workspace === undefined) return { hash: digest.slice(0, 40), message: mark, dirty: false };
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)("git", args, { cwd: workspace })).stdout.trim();
  try {
    const [hash, subject, changes] = await Promise.all([
      git("rev-parse", "HEAD"),
      git("show", "-s", "--format=%s"),
      git("status", "--porcelain", "--untracked-files=no"),
    ]);
    return { hash, message: `${subject} (${mark})`, dirty: changes !== "" };
  } catch {
    return { hash: digest.slice(0, 40), message: mark, dirty: false };
  }
}
