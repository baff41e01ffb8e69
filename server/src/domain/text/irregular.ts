/**
 * English words whose forms no stemmer joins: base form first. Forms that are more often another word are left out
 * ("ground", "wound", "lay", "bore").
 */
const GROUPS = `
arise arose arisen|awake awoke awoken|bear borne|beat beaten|become became|begin began begun|bend bent|bind bound
bite bit bitten|bleed bled|blow blew blown|break broke broken|breed bred|bring brought|build built|burn burnt
burst|buy bought|catch caught|choose chose chosen|cling clung|come came|creep crept|deal dealt|dig dug|do did done does
draw drew drawn|dream dreamt|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt
fight fought|find found|flee fled|fly flew flown flies|forbid forbade forbidden|forget forgot forgotten
forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given|go went gone goes|grind|grow grew grown
hang hung|have had has|hear heard|hide hid hidden|hold held|keep kept|kneel knelt|know knew known|lead led
leap leapt|learn learnt|leave left|lend lent|light lit|lose lost|make made|mean meant|meet met|pay paid
prove proven|ride rode ridden|ring rang rung|rise rose risen|run ran|say said|see saw seen|seek sought|sell sold
send sent|sew sewn|shake shook shaken|shine shone|shoot shot|show shown|shrink shrank shrunk|sing sang sung
sink sank sunk|sit sat|sleep slept|slide slid|sow sown|speak spoke spoken|speed sped|spend spent|spin spun|split
spread|spring sprang sprung|stand stood|steal stole stolen|stick stuck|sting stung|strike struck stricken
swear swore sworn|sweep swept|swell swollen|swim swam swum|swing swung|take took taken|teach taught|tear tore torn
tell told|think thought|throw threw thrown|understand understood|wake woke woken|wear wore worn|weave wove woven
weep wept|win won|wind|withdraw withdrew withdrawn|write wrote written
child children|foot feet|goose geese|knife knives|leaf leaves|life lives|loaf loaves|man men|mouse mice|ox oxen
person people|shelf shelves|thief thieves|tooth teeth|wife wives|wolf wolves|woman women|half halves|calf calves
good better best|bad worse worst|far farther farthest further furthest|die died dies dying|lie lies lying|tie tied ties tying
bacterium bacteria|datum data|medium media|nucleus nuclei|analysis analyses|crisis crises|phenomenon phenomena
species|index indices|fungus fungi|cactus cacti|larva larvae|alga algae|axis axes
`

/** Words that differ by more than a suffix though they mean the same act, quality or measure. */
const DERIVED = `
high height|deep depth|long length|wide width|broad breadth|strong strength|hot heat|warm warmth|heavy weigh weight|grow growth
die death|born birth|live life alive|believe belief|choose choice|fly flight|see sight|sell sale|speak speech|think thought
lose loss|prove proof|explode explosion|erode erosion|expand expansion|divide division|decide decision|collide collision
produce production|reduce reduction|destroy destruction|describe description|absorb absorption|invade invasion
evolve evolution|dissolve solution|pour|melt molten|store storage|marry marriage|arrive arrival|survive survival
analyse analysis|compare comparison|compete competition|apply application|multiply multiplication
speed velocity|true truth|young youth|hungry hunger|angry anger|thirsty thirst|poor poverty|free freedom|wise wisdom
succeed success|fail failure|press pressure|mix mixture|depart departure|advise advice|serve service|discover discovery
recover recovery|deliver delivery|sew|sail sailor|invent inventor|govern governor|conduct conductor|edit editor|navigate navigator
japan japanese|china chinese|france french|germany german|england english|britain british|italy italian|spain spanish|russia russian
america american|europe european|africa african|asia asian|india indian|greece greek|egypt egyptian|rome roman|sweden swedish|norway norwegian
denmark danish|netherlands dutch|poland polish|turkey turkish|mexico mexican|brazil brazilian|canada canadian|australia australian
ireland irish|scotland scottish|wales welsh|switzerland swiss|austria austrian|portugal portuguese|finland finnish|iceland icelandic
investigate investigator|operate operator|educate educator|visit visitor|act actor|direct director
`

/**
 * Words of everyday English that ask for and tell the same thing: no names, no subjects. They count for less than the
 * word itself.
 */
const SYNONYMS = `
begin start|end finish stop|big large huge great|small little tiny|quick fast rapid|make create produce build|buy purchase
get obtain receive|help assist|use employ|show reveal|keep maintain preserve|happen occur|need require|let allow
important crucial essential key vital|difficult hard|easy simple|old ancient|sick ill|begin origin|near close
child kid|doctor physician|car automobile|bike bicycle|phone telephone|fridge refrigerator|sofa couch|plane aeroplane airplane aircraft|ship vessel boat|street road|shop store|sea ocean
cost price|pay earn|job work profession|live inhabit|reside live|danger hazard risk threat|dangerous hazardous risky|quiet calm silent
choose select pick|find discover|break damage|fix repair|grow increase rise|shrink decrease fall drop|travel journey trip
eat consume|cook bake|hit strike|throw toss|cut slice|mix stir blend|cover coat|hot warm|cold cool|wet moist damp|dry
answer reply|ask question|want wish|like enjoy|think believe|leave depart|arrive reach|return back|tell explain|reason cause
kill die|dead die|birthplace born|author write|inventor invent|contain include consist|several many|photo photograph picture
smart clever intelligent|strong powerful|weak feeble|rich wealthy|famous known|main chief primary principal|area region|city town
rock stone|soil earth ground|forest wood|ill disease illness|error mistake|goal aim purpose|method technique way|part component piece
`

const parse = (text: string): string[][] =>
  text
    .split(/[|\n]/)
    .map(group => group.split(' ').filter(Boolean))
    .filter(group => group.length > 1)

/** Inflected form -> base form. */
export const BASE_FORM: ReadonlyMap<string, string> = new Map(
  parse(GROUPS).flatMap(([base = '', ...forms]) => forms.map(form => [form, base] as const)),
)

/** Base form -> all its irregular forms. */
export const INFLECTIONS: ReadonlyMap<string, readonly string[]> = new Map(
  parse(GROUPS).map(group => [group[0] ?? '', group] as const),
)

const join = (groups: string[][]): ReadonlyMap<string, readonly string[]> => {
  const related = new Map<string, string[]>()
  for (const group of groups)
    for (const word of group)
      related.set(word, [...(related.get(word) ?? []), ...group.filter(other => other !== word)])
  return related
}

/** Base form -> base forms of the same root. */
export const DERIVATIONS = join(parse(DERIVED))

/** Base form -> base forms of nearly the same meaning. */
export const NEAR_SYNONYMS = join(parse(SYNONYMS))
