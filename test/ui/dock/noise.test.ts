import { expect, it } from 'vitest'
import { DockAction } from '../../../scripts/demo/contract.ts'
import { controlNoise } from '../../../ui/dock/noise.ts'

it('a dirty code is 4 kB of every control character, and the bench takes it', () => {
  const text = controlNoise()
  expect(text).toHaveLength(4096)
  expect(new Set(text).size).toBe(32)
  expect(text).toMatch(/^[\x00-\x1f]+$/)
  expect(DockAction.safeParse({ type: 'scan', text }).success).toBe(true)
})
