const HEAD = `[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
`

/** A script of SubStation Alpha with these lines of its events. */
export const subStationScript = (events: string): string => `${HEAD}${events}`
