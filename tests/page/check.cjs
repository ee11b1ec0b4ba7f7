// Opens each page of a list (lines of "name url") in headless Chromium; see tests/page/run.
const fs = require('fs');
const puppeteer = require('puppeteer-core');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const [list, out] = process.argv.slice(2);
const pages = fs.readFileSync(list, 'utf8').trim().split('\n').map(line => line.split(' '));
let failures = 0;
const fail = words => { failures++; console.log(`FAILED ${words}`); };

(async () => {
  const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  for (const [name, url] of pages) {
    for (const width of [1280, 400]) {
      for (const scheme of ['light', 'dark']) {
        const what = `${name}-${width}-${scheme}`;
        const page = await browser.newPage();
        page.on('console', message => fail(`${what}: console: ${message.text()}`));
        page.on('pageerror', error => fail(`${what}: ${error.message}`));
        page.on('request', request => {
          if (request.url() !== url && !request.url().startsWith('data:')) fail(`${what}: asks for ${request.url()}`);
        });
        await page.setJavaScriptEnabled(true);
        await page.setViewport({ width, height: 900 });
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        const response = await page.goto(url, { waitUntil: 'load' });
        if (!response.ok()) fail(`${what}: status ${response.status()}`);
        const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        if (over > 0) fail(`${what}: ${over} pixels wider than the screen`);
        await page.screenshot({ path: `${out}/${what}.png`, fullPage: name !== 'big' });
        await page.evaluate(axe);
        const result = await page.evaluate('axe.run(document, { resultTypes: ["violations", "incomplete"] })');
        for (const one of result.violations) {
          fail(`${what}: axe ${one.id} (${one.impact}): ${one.help}: ${one.nodes.slice(0, 3).map(node => node.html).join(' ')}`);
        }
        for (const one of result.incomplete) {
          console.log(`look at ${what}: axe ${one.id}: ${one.help}: ${one.nodes.length} nodes, ${one.nodes[0].html.slice(0, 120)}`);
        }
        if (width === 1280 && scheme === 'light') {
          await page.pdf({ path: `${out}/${name}.pdf`, format: 'A4', preferCSSPageSize: true });
          // A4 less the margins of the style, at CSS' 96 pixels an inch.
          await page.emulateMediaType('print');
          await page.setViewport({ width: Math.floor((210 - 2 * 12) / 25.4 * 96), height: 900 });
          const cut = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
          if (cut > 0) fail(`${what}: ${cut} pixels wider than the paper`);
        }
        await page.close();
      }
    }
  }
  await browser.close();
  console.log(`${pages.length} pages, ${pages.length * 4} views, ${failures} failures`);
  process.exit(failures > 0 ? 1 : 0);
})();
