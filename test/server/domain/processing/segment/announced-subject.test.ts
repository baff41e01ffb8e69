import { announcedSubject } from '@cuewire/server/domain/processing/segment/announced-subject.js'
import t from 'tap'

t.test('the subject that a sentence announces', async t => {
  const announced = {
    "Okay, let's start with the starter.": 'Starter',
    "So today we're going to talk about the French Revolution, which began in 1789.": 'French Revolution',
    "I'm going to show you how to change a tyre.": 'How to change a tyre',
    "Now let's have a look at protective clothing.": 'Protective clothing',
    'We will now turn our attention to dark matter.': 'Dark matter',
    "The next thing I'd like to discuss is compound interest.": 'Compound interest',
    'Our third mistake is ignoring customer feedback.': 'Ignoring customer feedback',
    'This lesson is about buying, tuning and looking after a guitar.': 'Buying, tuning and looking after a guitar',
    'And that brings us to returns.': 'Returns',
    'Now the dough itself.': 'Dough',
    "In the next half hour I'll give you a tour of our data centre.": 'Data centre',
    'And finally, what did the move cost?': 'What did the move cost?',
    'Then there is the question of debt.': 'Debt',
    'To finish, a word about holidays and sick leave.': 'Holidays and sick leave',
    'So how does a transformer work?': 'How does a transformer work?',
    'Okay, the honey harvest.': 'Honey harvest',
    'Number five, playing posture.': 'Playing posture',
    'A brief history of the internet.': 'Brief history of the internet',
  }
  for (const [sentence, subject] of Object.entries(announced)) t.equal(announcedSubject(sentence), subject, sentence)
})

t.test('a sentence that announces nothing', async t => {
  for (const sentence of [
    '',
    "Let's go.",
    "Let's talk about it.",
    'Let me show you this.',
    "Let's look at this approach more closely.",
    'What about the others?',
    'Which brings us to our final point.',
    'Good morning from the studio.',
    'Thank you very much for coming.',
    'Good question.',
    'Bakers call this rest autolyse.',
    'Record yourself once a week.',
    'Spring is when the colony explodes.',
    'Photosynthesis is the process by which plants make sugar.',
    'There is the question of who pays for all of this in the end and whether it works out well.',
  ])
    t.equal(announcedSubject(sentence), undefined, sentence)
})
