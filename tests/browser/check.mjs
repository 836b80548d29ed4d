// Looks at pages in a real Chromium as people do: axe-core (WCAG 2.2 A and AA, best practices), light and dark, 360 and 1280 px wide; nothing may
// stick out at 320 px, no page may ask another site for anything or make the browser complain (its content policy included).
//
//   node tests/browser/check.mjs BASE_URL [--login USER:PASSWORD] [--locale fr-FR] [--shots DIR] PATH...
//
// Prints one line per problem and, at the end, `ok N pages` (exit 0) or `N problems` (exit 1). A PATH that begins with `+` is looked at signed in.
// `CODE:PATH` expects that answer instead of 200. Chromium: PARVIS_TEST_CHROMIUM, or /usr/bin/chromium. axe-core and playwright-core are fetched from npm into target/browser
// at the first run; nothing of them is in the tree.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const VERSIONS = ["axe-core@4.10.3", "playwright-core@1.55.0"];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const modules = join(root, "target/browser");

function fetchModules() {
  if (existsSync(join(modules, "node_modules/axe-core")) && existsSync(join(modules, "node_modules/playwright-core"))) return;
  mkdirSync(modules, { recursive: true });
  writeFileSync(join(modules, "package.json"), '{"private":true}\n');
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", ...VERSIONS], { cwd: modules, stdio: "inherit" });
}

function readArguments(list) {
  const [base, ...rest] = list;
  const options = { base, login: null, locale: "fr-FR", shots: join(root, "target/browser/shots"), paths: [] };
  for (let i = 0; i < rest.length; i += 1) {
    if (rest[i] === "--login") options.login = rest[(i += 1)];
    else if (rest[i] === "--locale") options.locale = rest[(i += 1)];
    else if (rest[i] === "--shots") options.shots = resolve(rest[(i += 1)]);
    else options.paths.push(rest[i]);
  }
  if (!base || options.paths.length === 0) {
    console.error("usage: check.mjs BASE_URL [--login USER:PASSWORD] [--locale fr-FR] [--shots DIR] PATH...");
    process.exit(2);
  }
  return options;
}

const options = readArguments(process.argv.slice(2));
fetchModules();
const require = createRequire(join(modules, "package.json"));
const { chromium } = require("playwright-core");
const axe = require.resolve("axe-core/axe.min.js");
const origin = new URL(options.base).origin;
const problems = [];
mkdirSync(options.shots, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.PARVIS_TEST_CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP *.localhost 127.0.0.1"],
});

async function signIn(context) {
  const [user, ...password] = options.login.split(":");
  const page = await context.newPage();
  await page.goto(new URL("/auth/sign_in", options.base).href);
  await page.fill('input[name="login"]', user);
  await page.fill('input[name="password"]', password.join(":"));
  await Promise.all([page.waitForNavigation(), page.click("main form button")]);
  if (new URL(page.url()).pathname === "/auth/sign_in") throw new Error(`${user} cannot sign in`);
  await page.close();
}

async function look(context, width, scheme, entry, say) {
  const match = /^(\+?)(?:(\d{3}):)?(.*)$/.exec(entry);
  const [expected, path] = [Number(match[2] || 200), match[3]];
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of \d{3}/.test(message.text())) say(`the browser complains: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith("data:") && new URL(request.url()).origin !== origin) say(`asks another site: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && response.request().resourceType() !== "document") say(`${response.status()} for ${response.url()}`);
  });
  const response = await page.goto(new URL(path, options.base).href, { waitUntil: "load" });
  if (response.status() !== expected) say(`answered ${response.status()}, not ${expected}`);
  const name = `${(match[1] ? "me" : "") + path.replace(/[^A-Za-z0-9@]+/g, "_").slice(0, 60)}-${width}-${scheme}.png`;
  await page.screenshot({ path: join(options.shots, name), fullPage: true });
  await page.evaluate(require("node:fs").readFileSync(axe, "utf8"));
  const found = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules, resultTypes: ["violations"] }), RULES);
  for (const violation of found.violations) {
    for (const node of violation.nodes) say(`${violation.id}: ${node.target.join(" ")}: ${(node.failureSummary || "").replace(/\s+/g, " ")}`);
  }
  if (width < 400) {
    await page.setViewportSize({ width: 320, height: 640 });
    const wide = await page.evaluate(() => {
      const limit = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= limit) return [];
      return [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > limit + 1).slice(0, 3).map((e) => e.outerHTML.slice(0, 80));
    });
    for (const element of wide) say(`sticks out at 320 px: ${element}`);
  }
  await page.close();
}

let pages = 0;
for (const width of [360, 1280]) {
  for (const scheme of ["light", "dark"]) {
    for (const isSignedIn of [false, true]) {
      const paths = options.paths.filter((path) => path.startsWith("+") === isSignedIn);
      if (paths.length === 0) continue;
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, bypassCSP: false, locale: options.locale });
      if (isSignedIn) await signIn(context);
      for (const path of paths) {
        await look(context, width, scheme, path, (text) => problems.push(`${path} (${width} px, ${scheme}): ${text}`));
        pages += 1;
      }
      await context.close();
    }
  }
}
await browser.close();
problems.forEach((problem) => console.log(problem));
console.log(problems.length === 0 ? `ok ${pages} pages` : `${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
