// Draws field pages with Nunjucks exactly as the server draws them with Jinja2.
// Twin of server/field/drawing.py; web/templates/README says what both engines share.

import "/static/vendor/nunjucks.min.js";

import { makeWords } from "./words.js";

const { Environment, Loader } = self.nunjucks;

/**
 * A function draw(name, context) → text. `templates` maps names ("field/today.html") to sources;
 * each is compiled when it is first drawn, once per language. `labels` and `english` are the files
 * of /locale. Undefined names throw.
 */
export function makeDrawing({ templates, labels, english }) {
  const engines = new Map();

  const engineFor = (lang) => {
    const words = makeWords({ labels, english, lang });
    if (!engines.has(words.lang)) engines.set(words.lang, engine(templates, words));
    return engines.get(words.lang);
  };

  return (name, context) => engineFor(context.page.lang).render(name, context);
}

function engine(templates, words) {
  const made = new Environment(new Sources(templates), {
    autoescape: true,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  for (const [name, filter] of Object.entries(words.filters)) made.addFilter(name, filter);
  for (const [name, value] of Object.entries(words.globals)) made.addGlobal(name, value);
  return made;
}

const Sources = Loader.extend({
  init(templates) {
    this.templates = templates;
  },
  getSource(name) {
    const text = this.templates[name];
    if (text === undefined) throw new Error(`no template ${name}`);
    // Jinja2 drops the line break after a comment as after a tag, Nunjucks only after a tag.
    return { src: text.replace(/#\}\n/g, "#}"), path: name, noCache: false };
  },
});
