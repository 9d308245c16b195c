/** Builds a page of tests with the product's own plugins and serves it as a device serves its pages. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build, type Plugin } from 'vite'
import { bundledFonts } from '../../../ui/build/bundled-fonts.ts'
import { pinyinDictionary } from '../../../ui/build/pinyin-dictionary.ts'

const ui = join(import.meta.dirname, '../../../ui')

const MEDIA: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json',
  '.opus': 'audio/ogg',
  '.wav': 'audio/wav',
}

/** As device/http/pages.ts sends it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self'",
  "connect-src 'self'",
].join('; ')

export interface BuiltStage {
  url: string
  /** Paths that were asked for, oldest first. */
  asked: string[]
  /** What to answer 404 from now on. */
  lose: (part: string | null) => void
  /** Where the built files lie. */
  folder: string
  close: () => void
}

/** @param clips gives `window24:clips`, for stages that speak */
export async function buildStage(root: string, ...clips: Plugin[]): Promise<BuiltStage> {
  const folder = mkdtempSync(join(tmpdir(), 'window24-stage-'))
  await build({
    root,
    configFile: false,
    base: '/',
    publicDir: false,
    logLevel: 'warn',
    build: {
      target: 'chrome120',
      outDir: folder,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: { checks: { bundlerTimings: false } },
    },
    plugins: [svelte({ configFile: false }), bundledFonts(ui), pinyinDictionary(ui), ...clips],
  })
  const asked: string[] = []
  let lost: string | null = null
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    asked.push(path)
    response.setHeader('content-security-policy', POLICY)
    const file = normalize(join(folder, path === '/' ? 'index.html' : path))
    try {
      if (!file.startsWith(folder) || (lost !== null && path.includes(lost))) throw new Error('lost')
      const bytes = readFileSync(file)
      response.setHeader('content-type', MEDIA[extname(file)] ?? 'application/octet-stream').end(bytes)
      return
    } catch {}
    response.writeHead(404).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    lose: (part) => {
      lost = part
    },
    folder,
    close: () => {
      server.closeAllConnections()
      server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
