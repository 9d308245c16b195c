/** Words that every screen shares. The other languages have the same keys: a missing one does not compile. */
export const zh = {
  preferences: '显示方式',
  largeType: '大字',
  highContrast: '高对比',
  reach: '低位',
  otherLanguage: 'English',
  starting: '正在启动',
  startingHint: '请稍等片刻',
  notAnswering: '这台机器暂时没有回应',
  notAnsweringHint: '正在重新连接，请稍等。等不到的话，请到旁边的机器或人工窗口办理。',
  cannotKeep: '现在记不下来，先不请您评价或办理',
  cannotKeepHint:
    '这台机器的存储出了问题，刚才没有记上的不会算数，已经谢过的都还在。请到旁边的机器或人工窗口办理，好了这一页会自己换回来。',
  callForHelp: (phone: string) => `需要帮助请拨打 ${phone}`,
  previousPage: '上一页',
  nextPage: '下一页',
  pageOf: (page: number, pages: number) => `第 ${page} 页，共 ${pages} 页`,
}

export type Words = typeof zh
