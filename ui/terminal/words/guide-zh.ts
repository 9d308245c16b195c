import type { CaseKind, Guide, Material } from '../../../device/http/contract.ts'

export const guideWordsZh = {
  /** Shown in the other languages only. */
  bodyInChinese: '',
  kind: { immediate: '即办件', promised: '承诺件', joint: '联办件' } satisfies Record<CaseKind, string>,
  promised: (days: string) => `承诺 ${days}`,

  forWhom: '谁可以办',
  audience: { person: '个人', company: '企业' } satisfies Record<Guide['audience'][number], string>,
  conditions: '办理条件',
  materials: '要带的材料',
  originals: (count: number) => `原件 ${count} 份`,
  copies: (count: number) => `复印件 ${count} 份`,
  source: {
    applicant: '自己准备',
    office: '由部门出具',
    form: '现场填表',
    'shared-data': '免交，系统核验',
  } satisfies Record<Material['source'], string>,
  mayFollow: '可以后补',
  steps: '办理步骤',
  onTheSpot: '当场',
  limits: '办理时限',
  statutory: (days: string) => `法定 ${days}`,
  noStatutory: '法律没有规定期限',
  result: '办好后拿到',
  fee: '费用',
  feeBasis: (basis: string) => `收费依据：${basis}`,
  apply: '怎么办',
  applyBy: { window: '大厅窗口', terminal: '自助机', online: '网上', post: '邮寄' } satisfies Record<
    Guide['applyBy'][number],
    string
  >,
  where: '地点和时间',
  phones: '电话',
  question: '咨询',
  complaint: '投诉',
  faq: '常见问题',
  basis: '法律依据',
  codes: '编码',
  itemCode: (code: string) => `实施编码 ${code}`,
  baseCode: (code: string) => `基本编码 ${code}`,
  version: (version: string) => `版本 ${version}`,

  printShort: '打印',
  printAtOnce: (name: string) => `打印 ${name}`,
  printA4: '打印完整版',
  printA4Hint: 'A4 纸，从下方出纸口出来',
  printReceipt: '打印简版',
  printReceiptHint: '小票纸，从小票口出来',
  printerDown: '打印机暂时不能用',
}
