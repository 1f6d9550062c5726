// Draws field pages with Nunjucks exactly as the server draws them with Jinja2.
// Twin of server/field/drawing.py; web/templates/README says what both engines share.

import "/static/vendor/nunjucks.min.js";

import { makeWords } from "./words.js";

const CHINESE = "zh-CN";
const { Environment, Loader, compiler } = self.nunjucks;

const OPTIONS = { autoescape: true, throwOnUndefined: true, trimBlocks: true, lstripBlocks: true };

/**
 * A function draw(name, context) → text. `templates` maps names ("field/today.html") to sources,
 * `compiled` to what `compile` made of them: of each name one of the two is enough. `labels` and
 * `english` are the files of web/locale; without `english` everything is Chinese. Undefined names throw.
 */
export function makeDrawing({ templates = {}, compiled = {}, labels, english }) {
  const engines = new Map();

  const engineFor = (lang) => {
    const words = makeWords({ labels, english, lang: english ? lang : CHINESE });
    if (!engines.has(words.lang)) engines.set(words.lang, engine(templates, compiled, words));
    return engines.get(words.lang);
  };

  return (name, context) => engineFor(context.page.lang).render(name, context);
}

/**
 * Templates as text of functions. Understanding five templates takes a cold worker on a cheap phone
 * 150 ms, loading what was understood before takes 5.
 */
export function compile(templates) {
  const one = ([name, text]) => [name, compiler.compile(tidy(text), [], [], name, OPTIONS)];
  return Object.fromEntries(Object.entries(templates).map(one));
}

function engine(templates, compiled, words) {
  const made = new Environment(new Sources(templates, compiled), OPTIONS);
  for (const [name, filter] of Object.entries(words.filters)) made.addFilter(name, filter);
  for (const [name, value] of Object.entries(words.globals)) made.addGlobal(name, value);
  return made;
}

const Sources = Loader.extend({
  init(templates, compiled) {
    this.templates = templates;
    this.compiled = compiled;
  },
  getSource(name) {
    return { src: this.source(name), path: name, noCache: false };
  },
  source(name) {
    if (name in this.compiled) return { type: "code", obj: new Function(this.compiled[name])() };
    if (name in this.templates) return tidy(this.templates[name]);
    throw new Error(`no template ${name}`);
  },
});

// Jinja2 drops the line break after a comment as after a tag, Nunjucks only after a tag.
const tidy = (text) => text.replace(/#\}\n/g, "#}");
