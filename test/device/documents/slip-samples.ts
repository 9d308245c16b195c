/** One slip of each kind, nobody's, with the characters that printers like to lose. */
import type { Slip } from '../../../device/documents/documents.ts'

type Of<Kind extends Slip['kind']> = Extract<Slip, { kind: Kind }>

export const ticket: Of<'queue-ticket'> = {
  kind: 'queue-ticket',
  ticket: {
    number: 'A012',
    businessType: '公安户籍与居住证',
    businessTypeEnglish: 'Household registration and residence permits',
    waiting: 7,
    waitMinutes: 25,
    takenAt: '2026-11-23T09:14:05+08:00',
    area: '1楼 A区 01–04号窗口',
    areaEnglish: '1st floor, area A, windows 01–04',
    priority: 'age',
    quietHours: [
      { from: '11:00', to: '13:30' },
      { from: '15:30', to: '17:00' },
    ],
  },
}

export const pickup: Of<'pickup-slip'> = {
  kind: 'pickup-slip',
  slip: {
    code: '330099202611200042',
    what: '普通护照申领',
    where: '1楼 A区 05号窗口',
    needs: '本人居民身份证原件',
    collectedAt: null,
    validUntil: '2026-12-31',
  },
}

export const feedback: Of<'feedback-slip'> = {
  kind: 'feedback-slip',
  slip: {
    kind: 'report',
    code: '7K3M9QTD',
    keptAt: '2026-11-21T22:40:00+08:00',
    said: [
      { label: '情形', text: '来回多跑' },
      { label: '事项', text: '存量房转移登记' },
    ],
    words: '第三次来了。\n合同上“䶮”“㛃”“𬭎”“𠅤”打不出来。',
    named: null,
    turn: '轮到“办不成事”反映窗口，由它牵头答复您。',
    answerBy: '2026-11-24',
    answerIn: '1个工作日内',
    provisional: false,
  },
}

export const proof: Of<'proof-slip'> = {
  kind: 'proof-slip',
  slip: {
    title: '社会保险参保证明',
    titleEnglish: 'Proof of social insurance',
    issuer: '云溪区人力资源和社会保障局',
    issuerEnglish: 'Yunxi social security bureau',
    verificationCode: '7K3M-9QTD-2W5X-8HNB',
    address: 'https://verify.yunxi.example/7K3M-9QTD-2W5X-8HNB',
    pages: 1,
    issuedAt: '2026-11-21T22:45:00+08:00',
  },
}

export const slips: readonly Slip[] = [ticket, pickup, feedback, proof]

export function inEnglish(slip: Slip): Slip {
  return slip.kind === 'queue-ticket'
    ? { ...slip, ticket: { ...slip.ticket, language: 'en' } }
    : ({ ...slip, slip: { ...slip.slip, language: 'en' } } as Slip)
}
