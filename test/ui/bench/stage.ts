/** A stage for pages: serves the built UI with the device's security headers and one given state. */
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import type { ScreenState } from '../../../device/http/contract.ts'

const dist = join(import.meta.dirname, '../../../ui/dist')

export const builtPages = (): string => JSON.parse(readFileSync(join(dist, 'build.json'), 'utf8')).build

const MEDIA: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.json': 'application/json',
  '.opus': 'audio/ogg',
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self'",
  "connect-src 'self'",
].join('; ')

export interface Stage {
  url: string
  show: (state: ScreenState) => void
  /** What the page has sent, oldest first. */
  actions: unknown[]
  close: () => void
}

export async function openStage(page: 'terminal' | 'pad', first: ScreenState): Promise<Stage> {
  let state = first
  const watchers = new Set<ServerResponse>()
  const actions: unknown[] = []
  const event = () => `event: state\ndata: ${JSON.stringify(state)}\n\n`
  const json = (response: ServerResponse) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(state))
  }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    response.setHeader('content-security-policy', POLICY)
    if (path === '/api/state') return json(response)
    if (path === '/api/events') {
      response.setHeader('content-type', 'text/event-stream')
      response.write(event())
      watchers.add(response)
      request.on('close', () => watchers.delete(response))
      return
    }
    if (path === '/api/actions') {
      let body = ''
      request.on('data', (part: Buffer) => {
        body += part.toString()
      })
      request.on('end', () => {
        actions.push(JSON.parse(body))
        json(response)
      })
      return
    }
    const file = normalize(join(dist, path === '/' ? `${page}/index.html` : path))
    try {
      if (!file.startsWith(dist)) throw new Error('outside')
      const bytes = readFileSync(file)
      response.setHeader('content-type', MEDIA[extname(file)] ?? 'application/octet-stream').end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    actions,
    show: (next) => {
      state = next
      for (const watcher of watchers) watcher.write(event())
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
