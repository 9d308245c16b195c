import { expect, it } from 'vitest'
import { ensurePages } from '../../scripts/build-pages.js'
import { firstPageWeight } from '../bench/first-page-weight.ts'

/** A slow terminal shows its rest page within a second and a half. */
const MOST_BYTES = 90_000

it('the first page of the terminal is light: what it does not show yet comes after it', () => {
  ensurePages()
  const { bytes, files } = firstPageWeight()
  expect(files.some(({ file }) => file.endsWith('.js'))).toBe(true)
  expect(files.some(({ file }) => file.endsWith('.css'))).toBe(true)
  expect(bytes).toBeLessThan(MOST_BYTES)
})
