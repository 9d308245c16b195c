/** Several processes open one hall's file at the same moment: exactly one of them sees to what a failed write has left. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { moment, until } from '../support/until.ts'

const OPENER = fileURLToPath(new URL('./support/store-opener.ts', import.meta.url))

test('who opens it while another looks whether it is alone waits until that one has looked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'w24-opening-'))
  const looking = new Database(join(folder, 'hall.opening'))
  onTestFinished(() => {
    looking.close()
    rmSync(folder, { recursive: true, force: true })
  })
  looking.exec('BEGIN EXCLUSIVE')
  const openers = [1, 2].map(() => {
    return spawn(process.execPath, [OPENER, join(folder, 'hall.sqlite')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
  })
  onTestFinished(() => {
    for (const opener of openers) opener.kill('SIGKILL')
  })
  const said = openers.map(() => '')
  for (const [index, { stdout }] of openers.entries())
    stdout.on('data', (text) => {
      said[index] += String(text)
    })
  await until(() => said.every((text) => text !== ''))
  // A file that is free is open in far less.
  for (let looked = 0; looked < 8; looked += 1) await moment()
  expect(said).toEqual(['opening\n', 'opening\n'])
  looking.exec('ROLLBACK')
  await until(() => said.every((text) => text.endsWith('opened\n')))
  for (const { stdin } of openers) stdin.end()
  for (const opener of openers) if (opener.exitCode === null) await once(opener, 'exit')
  expect(openers.map(({ exitCode }) => exitCode)).toEqual([0, 0])
})
