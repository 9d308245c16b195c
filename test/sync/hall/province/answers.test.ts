import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../../../sync/hall/province/answers.ts'
import { profileOf } from './support.ts'

describe("a province's reason", () => {
  const shown = (said: string): string => {
    const read = readAnswer(profileOf('zhejiang'), 200, JSON.stringify({ code: 400, message: said }))
    return read.read ? read.words : ''
  }

  it.each([
    ['申请人张小雨（33009919900101002X，13900000000）的评价重复', '…重复 (code 400)'],
    ['评价内容含敏感词: 窗口王小明\n收了我的钱', '…敏感词… (code 400)'],
    ['校验失败: 我是👩‍⚕️张医生的家属', '校验失败… (code 400)'],
    ['writingEvaluation含敏感词: 窗口王小明收了我的...', 'writingEvaluation…敏感词… (code 400)'],
    ['手机号 139-0000-0000 / 139 0000 0000 有误', '… (code 400)'],
    ['长度超过13900000000', '长度超过… (code 400)'],
    ['userName长度超过500', 'userName长度超过500 (code 400)'],
    ['', '… (code 400)'],
  ])('keeps nothing of %j but what the profile knows', (said, kept) => {
    expect(shown(said)).toBe(kept)
  })

  it('is short however long the answer is', () => {
    expect(shown('重复!'.repeat(10_000)).length).toBeLessThan(100)
  })

  it.each([
    ['guangdong', { code: '1', msg: '系统异常，请稍后重试' }],
    ['shandong', { 'C-Response-Desc': 'success', 'C-Response-Body': { success: false, message: '请核实' } }],
  ])('in words that %s is not known to use leaves the outcome open', (name, answer) => {
    expect(readAnswer(profileOf(name), 200, JSON.stringify(answer))).toMatchObject({ means: 'unclear' })
  })
})

describe('the status of an answer', () => {
  const read = (status: number, code: number, profile = profileOf('zhejiang')) =>
    readAnswer(profile, status, JSON.stringify({ code, message: '' }))

  it.each([200, 201])('%i is the platform’s own', (status) => {
    expect(read(status, 200)).toMatchObject({ means: 'taken' })
  })

  it.each([
    [302, 200],
    [302, 401],
    [403, 200],
    [404, 200],
    [404, 409],
    [404, 404],
    [400, 424],
  ])('%i with the code %i is somebody in between, and nothing is settled by it', (status, code) => {
    expect(read(status, code)).toEqual({ read: false })
  })

  it.each([
    [401, 401, 'unauthorised'],
    [408, 408, 'clock'],
  ])('%i with the code %i is heard: it concerns every request', (status, code, means) => {
    expect(read(status, code)).toMatchObject({ means })
  })

  it('that a profile names for a rule is the platform’s as well', () => {
    const profile = profileOf('zhejiang')
    const rules = profile.answers.rules.map((rule) =>
      rule.means === 'already-there' ? { ...rule, statuses: [409] } : rule,
    )
    const named = { ...profile, answers: { ...profile.answers, rules } }
    expect([read(409, 409, named), read(409, 200, named)]).toMatchObject([
      { means: 'already-there' },
      { read: false },
    ])
  })
})
