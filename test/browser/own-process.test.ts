import { expect, it, onTestFinished } from 'vitest'
import { openTerminal } from './bench.ts'

it('a terminal in a process of its own is served in the same way, and its process ends with it', async () => {
  const terminal = await openTerminal({ ownProcess: [] })
  onTestFinished(terminal.close)
  expect(terminal.child?.pid).not.toBe(process.pid)
  terminal.scan('YX2026110007K3')
  await terminal.sees('普通护照申领')
  await terminal.close()
  expect(terminal.child?.exitCode).toBe(0)
})
