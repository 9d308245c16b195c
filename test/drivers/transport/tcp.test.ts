import { expect, test } from 'vitest'
import { runApart } from './namespace.ts'

test('a dead host is given up in time, and a line whose other end lost power ends although nobody asks', async () => {
  const said = await runApart('net', './dead-network.ts', import.meta)
  expect(said).toEqual([
    {
      deadHost: { ok: false, detail: 'port tcp://10.9.9.9:9100: no connection within 3000 ms' },
      tookMs: expect.any(Number),
    },
    { lostLine: 'error', tookMs: expect.any(Number) },
  ])
  const [dead, lost] = said.map((line) => Number(Object(line).tookMs))
  expect(dead).toBeLessThan(6000)
  // Linux's own keepalive would say so after two hours.
  expect(lost).toBeLessThan(10_000)
})
