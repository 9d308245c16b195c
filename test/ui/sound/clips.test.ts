import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CHINESE_VOICE, clipsIn, ESPEAK, makeClips } from '../../../ui/build/make-clips.ts'
import { padSaying, terminalSaying } from '../../../ui/shared/sound/sayings.ts'
import { allClips, CHARACTERS, spokenWords } from '../../../ui/shared/sound/spoken.ts'
import { scenes, stateOf } from '../bench/scenes.ts'
import { toneWav } from './tone.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'window24-clips-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const hasEspeak = spawnSync('espeak-ng', ['--version']).error === undefined

describe('the clips', () => {
  it('are made by whatever speech program is named, each under its key and language', () => {
    writeFileSync(join(folder, 'tone.wav'), toneWav(50))
    const engine = `cp ${join(folder, 'tone.wav')} {out}`
    const only = ['zh/idle-warning', 'en/idle-warning']
    const clips = join(folder, 'clips')
    expect(makeClips(clips, engine, { only })).toEqual({ state: 'made', made: 2, kept: 0 })
    expect(clipsIn(clips).map(({ name }) => name)).toEqual(only)
    expect(makeClips(clips, engine, { only })).toEqual({ state: 'made', made: 0, kept: 2 })
    expect(makeClips(clips, engine, { only, anew: true })).toEqual({ state: 'made', made: 2, kept: 0 })
  })

  it('of a text that has changed are no longer taken', () => {
    writeFileSync(join(folder, 'zh.idle-warning.000000000000.opus'), 'of an older text')
    expect(clipsIn(folder)).toEqual([])
  })

  it('are left out, without an error, where the speech program is not installed', () => {
    expect(makeClips(folder, 'no-such-speech-program {out} {text}')).toEqual({
      state: 'no-engine',
      program: 'no-such-speech-program',
    })
    expect(readdirSync(folder)).toEqual([])
  })

  it('say what was wrong when the speech program fails', () => {
    expect(() => makeClips(folder, 'false {out} {text}', { only: ['zh/thanks'] })).toThrow(/false failed/)
    expect(() => makeClips(folder, 'true {text}', { only: ['zh/thanks'] })).toThrow(/\{out\}/)
  })

  it.runIf(hasEspeak)('are spoken by espeak-ng without its reading the tones as English numbers', () => {
    expect(makeClips(folder, ESPEAK, { only: ['zh/present-card'] })).toMatchObject({ made: 1 })
    const said = Object.values(spokenWords.zh).join('\n')
    const { stdout } = spawnSync('espeak-ng', ['-v', CHINESE_VOICE, '-q', '--ipa', said], {
      encoding: 'utf8',
    })
    expect(stdout).not.toBe('')
    expect(stdout).not.toContain('(en)')
  })
})

describe('what is spoken', () => {
  it('has words for every key in both languages, and figures and letters', () => {
    expect(Object.keys(spokenWords.en)).toEqual(Object.keys(spokenWords.zh))
    expect(allClips()).toHaveLength(2 * (Object.keys(spokenWords.zh).length + CHARACTERS.length))
    expect(allClips().filter(({ text }) => text.trim() === '')).toEqual([])
    expect(Object.values(spokenWords.en).filter((text) => /\p{Script=Han}/u.test(text))).toEqual([])
    expect(Object.values(spokenWords.zh).filter((text) => /[a-z\d]/i.test(text))).toEqual([])
  })

  it('belongs to the page that stands there', () => {
    const looks = {
      theme: 'night' as const,
      diagonalInches: 27,
      preferences: {
        language: 'zh' as const,
        largeType: false,
        highContrast: false,
        reach: false,
        sound: true,
      },
    }
    const said = (name: string) => {
      const scene = scenes[name]
      if (!scene) throw new Error(`there is no scene ${name}`)
      return terminalSaying(stateOf(scene, looks, 'none'))?.key ?? null
    }
    expect(said('rest')).toBeNull()
    expect(said('present-card')).toBe('present-card')
    expect(said('present-both')).toBe('present-both')
    expect(said('printed-confirmed')).toBe('take-a4')
    expect(said('printed-unknown')).toBe('check-tray')
    expect(said('printed-failed')).toBe('print-failed')
    expect(said('idle')).toBe('idle-warning')
    expect(said('ending-card')).toBe('ending-card')
    expect(said('cannot-keep')).toBeNull()
    expect(terminalSaying(null)).toBeNull()
  })

  it('has a page for every key: none is made in vain', () => {
    const source = readFileSync(join(import.meta.dirname, '../../../ui/shared/sound/sayings.ts'), 'utf8')
    expect(Object.keys(spokenWords.zh).filter((key) => !source.includes(`'${key}'`))).toEqual([])
  })

  it('at a window is the question once and thanks alike for everybody, never an answer', () => {
    const keys = new Set<string>()
    const base = { storage: 'ok' } as Parameters<typeof padSaying>[0] & object
    const asking = {
      name: 'asking',
      evaluationId: 'one',
      itemName: '',
      voice: 'page',
      anonymous: false,
      closesAt: '',
    } as const
    // The keypad beside it asks by itself: two voices would ask twice.
    expect(padSaying({ ...base, view: { ...asking, voice: 'keypad' } } as never)).toBeNull()
    for (const view of [
      asking,
      { name: 'thanks' },
      { name: 'not-now' },
      { name: 'already-rated' },
    ] as const) {
      const saying = padSaying({ ...base, view } as never)
      if (saying) keys.add(saying.key)
    }
    expect([...keys]).toEqual(['rate-service', 'thanks'])
  })
})
