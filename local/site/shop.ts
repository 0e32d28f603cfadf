import { type Listening, listen } from '../http-server.ts';

/** The site behind the walls. It knows nothing of maintenance: that is the point. */
export function startShop({ port, title = 'The Shop' }: { port?: number; title?: string } = {}): Promise<Listening> {
  return listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    request.resume();
    const reply = (status: number, type: string, body: string) => {
      response.writeHead(status, { 'content-type': `${type}; charset=utf-8` });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (pathname === '/health') return reply(200, 'text/plain', 'ok');
    if (pathname.startsWith('/api/'))
      return reply(200, 'application/json', JSON.stringify({ path: pathname, items: 3 }));
    return reply(200, 'text/html', homePage(title));
  }, port);
}

const homePage = (title: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>:root{color-scheme:light dark}body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:#fbf7f0;color:#2b2118}
header{padding:1rem 1.5rem;background:#7a3e1d;color:#fff;font-weight:700;font-size:1.25rem}
main{display:grid;gap:1rem;padding:1.5rem;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr))}
article{background:#fff;color:#2b2118;border-radius:.5rem;padding:1rem;box-shadow:0 1px 3px #0003}
h2{margin:.25rem 0;font-size:1rem}p{margin:0;color:#6b5a4a}.art{height:4rem;border-radius:.25rem}</style></head>
<body><header>${title}</header><main>
<article><div class="art" style="background:#d98e4a"></div><h2>Walnut board</h2><p>€ 39</p></article>
<article><div class="art" style="background:#5b7f95"></div><h2>Blue kettle</h2><p>€ 54</p></article>
<article><div class="art" style="background:#8aa05a"></div><h2>Herb pots</h2><p>€ 18</p></article>
</main></body></html>`;
