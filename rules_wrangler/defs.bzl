"""Public rules: sites on Cloudflare Pages and on Workers, and their headers."""

load("//private:deploy.bzl", "wrangler_deploy", "wrangler_rollback")
load("//private:security_headers.bzl", _security_headers = "security_headers")
load("//private:site.bzl", "wrangler_site", _WranglerSiteInfo = "WranglerSiteInfo")

WranglerSiteInfo = _WranglerSiteInfo
security_headers = _security_headers

def wrangler_pages(
        name,
        site,
        config = "wrangler.jsonc",
        project = None,
        headers = None,
        redirects = None,
        production_branch = "main",
        account = None,
        tags = [],
        visibility = None):
    """A site on Cloudflare Pages.

    ```starlark
    wrangler_pages(
        name = "deploy",
        headers = ":headers",
        site = ":dist",
    )
    ```
    makes
    - `:deploy`, which publishes: `bazel run :deploy`, `bazel run :deploy -- --plan`, `bazel run :deploy -- --branch pr-7`
    - `:deploy.rollback`, which serves the deployment before: `bazel run :deploy.rollback`
    - `:deploy.manifest`, the checked site: each path with Cloudflare's hash of it. Building it is the check.

    Credentials come from the environment: `CLOUDFLARE_API_TOKEN` and `CLOUDFLARE_ACCOUNT_ID`.

    Args:
      name: the program that publishes
      site: a target that makes one folder
      config: wrangler.jsonc, wrangler.json or wrangler.toml
      project: the project's name, when it shall be said here too; another one in the configuration then fails the build
      headers: a `_headers` file, such as one of `security_headers`; the site may bring its own instead
      redirects: a `_redirects` file, likewise
      production_branch: the project's; other branches are previews
      account: the account's id, where the environment does not name one
      tags: tags of all targets
      visibility: who may use them
    """
    _site(name, "pages", site, config, project, headers, redirects, None, production_branch, account, tags, visibility)

def wrangler_worker(
        name,
        site,
        config = "wrangler.jsonc",
        worker = None,
        main = None,
        headers = None,
        redirects = None,
        production_branch = "main",
        account = None,
        tags = [],
        visibility = None):
    """A site as the static assets of a Worker; what it makes and takes is as for `wrangler_pages`.

    ```starlark
    wrangler_worker(
        name = "deploy",
        site = ":dist",
    )
    ```

    Args:
      name: the program that publishes
      site: a target that makes one folder
      config: wrangler.jsonc, wrangler.json or wrangler.toml
      worker: the Worker's name, when it shall be said here too; another one in the configuration then fails the build
      main: the built script, one module such as `@rules_wrangler//worker:site.mjs`, where the configuration has a `main`; it is checked and uploaded as it is
      headers: a `_headers` file, such as one of `security_headers`; the site may bring its own instead
      redirects: a `_redirects` file, likewise
      production_branch: other branches become versions with a preview address of their own
      account: the account's id, where neither the environment nor the configuration names one
      tags: tags of all targets
      visibility: who may use them
    """
    _site(name, "worker", site, config, worker, headers, redirects, main, production_branch, account, tags, visibility)

def _site(name, kind, site, config, site_name, headers, redirects, main, production_branch, account, tags, visibility):
    wrangler_site(
        name = name + ".manifest",
        config = config,
        headers = headers,
        kind = kind,
        main = main,
        redirects = redirects,
        site = site,
        site_name = site_name,
        tags = tags,
        visibility = visibility,
    )
    for program, rule in {name: wrangler_deploy, name + ".rollback": wrangler_rollback}.items():
        rule(
            name = program,
            account = account,
            manifest = name + ".manifest",
            production_branch = production_branch,
            tags = tags,
            visibility = visibility,
        )
