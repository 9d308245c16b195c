import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const ROOT_UID = 0

/**
 * Runs a .ts file beside the calling test under this Node, in a network (or a /dev) of its own that it may break
 * as it likes, and gives what it printed as JSON, a value for each line.
 */
export async function runApart(apart: 'net' | 'dev', script: string, meta: ImportMeta): Promise<unknown[]> {
  const become = process.getuid?.() === ROOT_UID ? [] : ['--user', '--map-root-user']
  const file = fileURLToPath(new URL(script, meta.url))
  const args =
    apart === 'net'
      ? ['--net', process.execPath, file]
      : ['--mount', 'sh', '-c', 'mount -t tmpfs none /dev && exec "$0" "$1"', process.execPath, file]
  const child = spawn('unshare', [...become, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', () => reject(new Error('unshare is needed: install the Debian package util-linux')))
    child.on('close', (code) => {
      if (code !== 0)
        return reject(new Error(`the child ended with ${code} (may it unshare?):\n${out}${err}`))
      const lines = out.split('\n').filter((line) => line !== '')
      resolve(lines.map((line): unknown => JSON.parse(line)))
    })
  })
}
