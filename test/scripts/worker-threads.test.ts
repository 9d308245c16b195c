import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const COMMAND = join(import.meta.dirname, '../../scripts/window24.js')

/** Keeps every worker thread busy once the command is through, and says how many there are. */
const COUNT = `
import { pbkdf2 } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
process.once('beforeExit', () => {
  for (let work = 0; work < 64; work += 1) pbkdf2('', '', 1000, 64, 'sha512', () => {})
  const names = readdirSync('/proc/self/task').map((task) => readFileSync('/proc/self/task/' + task + '/comm', 'utf8'))
  console.log('workers: ' + names.filter((name) => name.startsWith('libuv-worker')).length)
})
`

test('the program has a worker thread for each serial line of a terminal, and four beside them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'threads-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const count = join(folder, 'count.mjs')
  writeFileSync(count, COUNT)
  const { UV_THREADPOOL_SIZE: _, ...env } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', count, COMMAND, '--help'], {
    env,
  })
  expect(stdout).toContain('workers: 8')
})
