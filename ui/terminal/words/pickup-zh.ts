import type { PickupRefusal } from '../../../device/http/contract.ts'

export const pickupWordsZh = {
  open: '去取件',
  waits: '您的结果可以取了',
  where: '在哪里',
  needs: '要带什么',
  hours: '什么时候',
  openNow: '现在开放',
  opensAt: (when: string) => `${when} 开放`,
  dayAndNight: '昼夜都可以取',
  byStaff: '由窗口工作人员交给您',
  collect: '现在开柜取件',
  collectOnce: '只开一次：请在柜子旁边再点',
  slip: '打印取件地点',
  problem: {
    'card-needed': '这份结果要凭申请人本人的身份证领取。请把身份证平放在读卡区，再点“现在开柜取件”。',
    'other-person': '这张身份证不是这件事的申请人，不能领取。请换申请人本人的身份证。',
  },

  collected: '可以取走了',
  collectedAt: (where: string) => `请到：${where}`,
  noted: (when: string) => `${when} 已登记取件`,
  slipState: {
    none: '小票打不出来，请记住上面的地点',
    printing: '小票正在打印',
    confirmed: '小票打印好了，请从小票口取走',
    probable: '请看看小票口，取走小票；没有小票也可以取件',
    unknown: '小票可能没有打出来，请记住上面的地点',
    failed: '小票没有打出来，请记住上面的地点',
  },

  refusedTitle: '现在不能取',
  refused: {
    'card-needed': '这份结果要凭申请人本人的身份证领取',
    'other-person': '这张身份证不是这件事的申请人',
    'already-collected': '这份结果已经取走了。如果不是您取的，请马上到窗口询问',
    'nothing-here': '这件事没有可以取的结果，请到窗口询问',
    other: '大厅没有同意取件',
  } satisfies Record<PickupRefusal, string>,
  hallSays: '大厅的答复',
  unknownTitle: '不知道登记了没有',
  unknownText: '网络断了一下，可能已经登记取件。再问一次，只会是同一次取件，不会重复。',
  askAgain: '再问一次',
}
