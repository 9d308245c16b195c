import { describe, expect, it, vi } from 'vitest'
import { Dictionary } from '../../../sync/protocol/content.ts'
import { EnrolmentRequest, normalizeEnrolmentCode } from '../../../sync/protocol/devices.ts'
import {
  builtInDictionaries,
  CURRENT_DICTIONARY_VERSION,
  dictionaryDigest,
  labelsOf,
} from '../../../sync/protocol/dictionary.ts'
import { formatInstant, formatSequence, SequenceText } from '../../../sync/protocol/identifiers.ts'
import { createSigningKeyPair, thumbprint } from '../../../sync/protocol/keys.ts'
import { LEVELS, levelName, levelNumber } from '../../../sync/protocol/levels.ts'
import { PROBLEM_MEDIA_TYPE, problem, readProblem } from '../../../sync/protocol/problem.ts'

describe('the dictionary of the nation', () => {
  const [first] = builtInDictionaries()
  if (first === undefined) throw new Error('there is no dictionary')

  it('has eight labels for each level, numbered by it', () => {
    for (const level of [1, 2, 3, 4, 5] as const) {
      const labels = labelsOf('2019.1', level) ?? []
      expect(labels).toHaveLength(8)
      expect(new Set(labels.map((label) => label.code)).size).toBe(8)
      expect(labels.every((label) => label.code.startsWith(String(level)))).toBe(true)
    }
    expect(labelsOf('2019.1', 5)?.[0]).toEqual({ code: '510', text: '一窗受理一次办结' })
    expect(labelsOf('2019.1', 1)?.[7]).toEqual({ code: '115', text: '服务态度差效率低' })
  })

  it('is known by version and by digest, whatever the order of its members', () => {
    expect(first.version).toBe(CURRENT_DICTIONARY_VERSION)
    const { version, levels } = first.dictionary
    expect(dictionaryDigest({ levels, version })).toBe(first.digest)
    const edited = structuredClone(first.dictionary)
    edited.levels.reverse()
    expect(dictionaryDigest(edited)).not.toBe(first.digest)
  })

  it('that was never released has no labels, unless the hall hands it out', () => {
    expect(labelsOf('2099.1', 5)).toBeNull()
    const later = Dictionary.parse({ ...first.dictionary, version: '2099.1' })
    expect(labelsOf('2099.1', 5, [later])).toHaveLength(8)
  })
})

describe('levels', () => {
  it('are names inside and numbers at the edge, five the best', () => {
    expect(LEVELS.map(levelNumber)).toEqual([5, 4, 3, 2, 1])
    expect(LEVELS.map((name) => levelName(levelNumber(name)))).toEqual([...LEVELS])
  })
})

describe('an enrolment code', () => {
  it.each([
    ['as it is printed', 'K3Q7M0ZX1D', 'K3Q7M0ZX1D'],
    ['in small letters with hyphens', 'k3q7m-0zx1d', 'K3Q7M0ZX1D'],
    ['with letters taken for digits', 'K3Q7M OZXlD', 'K3Q7M0ZX1D'],
    ['too short', 'K3Q7M0ZX1', null],
    ['with a letter that is in none', 'K3Q7M0ZX1U', null],
    ['empty', '', null],
  ])('%s', (_, typed, code) => {
    expect(normalizeEnrolmentCode(typed)).toBe(code)
  })

  it('comes out of a request in its one form, and a private key does not', () => {
    const { publicKey } = createSigningKeyPair()
    const request = {
      publicKey: { ...publicKey, d: 'x' },
      role: 'pad',
      name: '12',
      window: '12',
      software: '0.1',
    }
    const read = EnrolmentRequest.parse({ ...request, enrolmentCode: 'k3q7m-0zx1d' })
    expect(read.enrolmentCode).toBe('K3Q7M0ZX1D')
    expect(read.publicKey).toEqual(publicKey)
    expect(EnrolmentRequest.safeParse({ ...request, enrolmentCode: 'short' }).success).toBe(false)
  })
})

it('a key is named by its RFC 7638 thumbprint', () => {
  // The Ed25519 key and its thumbprint from RFC 8037 A.2 and A.3.
  const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
  expect(thumbprint({ kty: 'OKP', crv: 'Ed25519', x })).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
})

describe('a problem', () => {
  const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

  it('is read as it was written, with its further members', () => {
    const written = problem('clock', 'over 300 s away', { time: '2026-11-21T12:14:05Z' })
    expect(written).toMatchObject({ type: 'urn:w24:problem:clock', code: 'clock' })
    expect(readProblem(`${PROBLEM_MEDIA_TYPE}; charset=utf-8`, encode(written))).toEqual(written)
  })

  it.each([
    ['a page of a proxy', 'text/html', encode('<html>')],
    ['a problem of somebody else', PROBLEM_MEDIA_TYPE, encode({ type: 'about:blank', title: 'No' })],
    ['a code that is not its type', PROBLEM_MEDIA_TYPE, encode({ ...problem('clock', ''), code: 'revoked' })],
    ['no JSON', PROBLEM_MEDIA_TYPE, new TextEncoder().encode('{')],
    ['no media type', null, encode(problem('clock', ''))],
  ])('is not read out of %s', (_, mediaType, body) => {
    expect(readProblem(mediaType, body)).toBeNull()
  })
})

describe('sequences and instants', () => {
  it('sort as texts as they do as numbers', () => {
    const texts = [9, 10, 0, 1, 99, Number.MAX_SAFE_INTEGER].map(formatSequence)
    expect(texts.toSorted()).toEqual([0, 1, 9, 10, 99, Number.MAX_SAFE_INTEGER].map(formatSequence))
    expect(() => formatSequence(-1)).toThrow(RangeError)
    expect(SequenceText.safeParse('9'.repeat(20)).success).toBe(false)
  })

  it.each([
    ['Asia/Shanghai', '2026-11-21T20:14:05.123+08:00'],
    ['America/St_Johns', '2026-11-21T08:44:05.123-03:30'],
    ['UTC', '2026-11-21T12:14:05.123+00:00'],
  ])('carry the offset of %s', (zone, text) => {
    vi.stubEnv('TZ', zone)
    expect(formatInstant(new Date('2026-11-21T12:14:05.123Z'))).toBe(text)
    vi.unstubAllEnvs()
  })

  it('are the same moment when they are read back', () => {
    for (const text of ['2026-11-21T20:14:05.123Z', '1970-01-01T00:00:00.000Z', '2026-03-29T01:30:00.001Z'])
      expect(new Date(formatInstant(new Date(text))).toISOString()).toBe(text)
  })
})
