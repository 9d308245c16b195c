/** Other ways to set the same guide, each in a process of its own and with the words that its users write. */
import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { PlainGuide } from './content.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const NOTO = '@expo-google-fonts/noto-sans-sc'
const REGULAR = fileURLToPath(import.meta.resolve(`${NOTO}/400Regular/NotoSansSC_400Regular.ttf`))
const BOLD = fileURLToPath(import.meta.resolve(`${NOTO}/700Bold/NotoSansSC_700Bold.ttf`))

export interface Made {
  ms: number
  cpuMs: number
  pdf: Uint8Array
}

export interface Peer {
  name: string
  make(guide: PlainGuide, run: number): Promise<Made>
  close(): void
}

/** From the lock file, in this folder: nothing of it is the product's. */
export function installPeers(): void {
  if (existsSync(`${here}/node_modules/pdfmake`)) return
  process.stdout.write('installing the peers in test/bench/peers-documents (npm install)\n')
  // Not `npm ci`: typst names packages for platforms that were never published, which only `install` passes over.
  const install = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund']
  execFileSync('npm', install, { cwd: here, stdio: 'ignore' })
}

export async function startPeer(name: 'pdfmake' | 'typst'): Promise<Peer> {
  const child = fork(`${here}/${name}.js`, [REGULAR, BOLD], { execArgv: [] })
  await answer<'ready'>(child)
  return {
    name,
    async make(guide, run) {
      child.send({ guide, run })
      const { pdf, ...times } = await answer<{ ms: number; cpuMs: number; pdf: string }>(child)
      return { ...times, pdf: Buffer.from(pdf, 'base64') }
    },
    close: () => void child.kill(),
  }
}

function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`${child.spawnargs[1]} ended with ${code}`))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message as T)
    })
  })
}
