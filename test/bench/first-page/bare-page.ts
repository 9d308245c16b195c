/** The least that could stand there: one button that tells of its touch. What it takes is the browser's own. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const PAGE = `<!doctype html>
<title>bare</title>
<link rel="icon" href="data:,">
<script type="module" src="/touched.js"></script>
<button style="position: fixed; inset: 0">touch</button>
`
const SCRIPT = `document.querySelector('button').addEventListener('pointerup', () =>
  fetch('/api/actions', { method: 'POST', body: '{"type":"wake"}' }))
`

export interface BarePage {
  url: string
  /** What the page has sent, oldest first. */
  actions: unknown[]
  close(): void
}

export async function openBarePage(): Promise<BarePage> {
  const actions: unknown[] = []
  const server = createServer((request, response) => {
    if (request.url === '/api/actions') {
      actions.push({ type: 'wake' })
      response.end()
    } else if (request.url === '/touched.js')
      response.setHeader('content-type', 'text/javascript').end(SCRIPT)
    else response.setHeader('content-type', 'text/html').end(PAGE)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    actions,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
