/**
 * Talks on one subject, written for these measurements as people speak: each string is a part of the talk. Openings
 * differ, some parts have none, and the words of openings also stand within parts. The constants of the segmenter were
 * chosen on `development`; `heldOut` was not looked at.
 */
export const LECTURES = {
  development: {
    sourdough: [
      `Hello everyone, and welcome to this short course on baking with wild yeast. Today I want to show you how a loaf goes from a jar of flour and water to the table. You don't need any machine for it. All you need is a bowl, an oven and some patience.`,
      `Okay, let's start with the starter. A starter is just flour and water that you leave on the counter for about a week. Wild yeast and bacteria settle in it and begin to make bubbles. You feed it every day with the same weight of fresh flour and water. So if you throw away half, you add back that half. After seven days it should double in four hours.`,
      `Now the dough itself. We mix five hundred grams of flour with three hundred and fifty of water, and we let that rest for half an hour. Bakers call this rest autolyse. Then the starter goes in, and ten grams of salt. Now you fold it instead of kneading. You pull one side up and lay it over the other, and you do that four times in two hours.`,
      `Next comes shaping. Turn the dough out onto a table with a little flour. Draw the edges into the middle until the ball is tight. The skin on the outside should be smooth and should hold the gas in. Put it upside down in a basket with a cloth.`,
      `So, on to the oven. It has to be really hot, two hundred and fifty degrees, with an iron pot inside. Tip the loaf into the pot, cut the top with a razor blade, and close the lid. The steam stays in the pot and keeps the crust soft while the bread rises. After twenty minutes take off the lid and bake it brown.`,
      `What goes wrong most often? A flat loaf usually means that the starter was too young or that the dough waited too long. A dense crumb comes from too little time. If the bottom burns, slide a second tray under the pot. Keep notes on each bake and change one thing at a time.`,
    ],
    telescopes: [
      `Good evening. This talk is for anyone who wants to buy a first telescope and doesn't know where to begin. I have been observing from my back garden for twenty years. I made most of the mistakes that I will warn you about.`,
      `Right, what does a telescope actually do? It collects light, and that matters far more than magnification. A mirror twice as wide gathers four times as much light from a faint galaxy. Advertisements that promise six hundred times power are nonsense. The air above us blurs anything beyond about two hundred.`,
      `The first type is the refractor. It has a lens at the front, like a spyglass, and the tube is closed. It gives sharp views of the Moon and the planets. Right at the edge you may see a violet fringe, since glass bends colours differently. Good lenses that avoid this are expensive.`,
      `The second type is the reflector. Isaac Newton built one with a polished metal mirror. A curved mirror at the bottom throws the light back up to a small flat one, which sends it out at the side. You get the most aperture for your money. But the mirrors have to be lined up again now and then.`,
      `Let's move on to mounts. A shaky mount spoils the best optics. The Dobsonian is a wooden box that turns on a plate, and children understand it at once. An equatorial mount follows the turning sky with one motor. Okay, it is heavier, but you need it for photographs.`,
      `Finally, eyepieces and accessories. Two eyepieces are plenty in the beginning, one long and one short. A red lamp saves your night vision. A cheap chart that you can turn to the date will teach you the constellations faster than any app.`,
    ],
    onboarding: [
      `Welcome to the warehouse. My name is Dana and I look after new people in their first week. This video tells you how your day works and who you can ask.`,
      `Okay, first of all, clocking in. Hold your badge against the reader next to the door, and wait for the green light. If it stays red, go to the office straight away. You are paid from the minute the light turns green. Breaks are at ten and at half past twelve.`,
      `Now for safety. Everybody wears steel toe boots and a yellow vest, visitors as well. Forklifts always have the right of way, even when you think they have seen you. The emergency exits are marked on the floor in green. Never put a pallet in front of one, not even for a moment. Alright, and if the alarm rings you leave everything and walk.`,
      `Moving on, I want to explain the scanners. Each of you gets a hand scanner that shows the next order. It tells you the aisle, the shelf and the number of pieces. Scan the shelf before you take anything, so that the stock is right. When the battery is low, swap it at the charging wall.`,
      `Packing is done at the long tables by the windows. Choose the smallest box that fits, fill the gaps with paper, and close it with one strip of tape. The label goes on top and never over an edge. Fragile goods get the red sticker.`,
      `And that brings us to returns. Parcels that customers send back arrive in the blue cages. Open them, look for damage, and decide whether the article can be sold again. Anything with food in it goes straight into the bin. Write the reason on the form, since the buyers read these forms every Friday.`,
      `To finish, a word about holidays and sick leave. Ask for holidays at least four weeks ahead, in the planner on your phone. When you are ill, call before seven in the morning. A doctor's note is needed from the third day. That's everything, and have a great first week.`,
    ],
    budgeting: [
      `Hi there, and thanks for coming to this evening class about money. We will look at where a salary goes and how to keep more of it. Nobody has to tell us how much they earn.`,
      `So let's begin with tracking what you spend. Take one month and note down every coffee, every ticket, every bill. Most people find that small sums add up to more than the rent. An app can read it from your account, but a paper notebook works better. You remember what you wrote by hand.`,
      `Then there is the question of debt. A credit card charges eighteen percent or more on what you owe. Pay back the loan with the highest interest first and leave the others at the minimum. So a thousand that you repay is a thousand that stops growing. Ask the bank for a lower rate, since they often agree.`,
      `Okay. Emergency savings. Put away three months of expenses before you invest a single euro. Keep this money in an account you can reach in a day. It is for a broken boiler or a lost job, and not for a cheap flight.`,
      `Our next topic is pensions. The state pays a part, and your employer may add something if you do. Saying no to that is refusing a gift. The earlier you start, the longer the interest earns interest. At twenty five you need half of what you need at forty.`,
      `Lastly, insurance. Cover what would ruin you and nothing else. That means liability, health and, if you have children, your life. A warranty for a toaster isn't worth the paper. Compare the offers once a year, because loyal customers pay more.`,
    ],
  },
  heldOut: {
    beekeeping: [
      `Good morning from the apiary. I am going to walk you through a year with the bees, as it looks to a beginner with two hives. You will see that most of the work falls in three months.`,
      `Right, so the hive. It is a stack of wooden boxes with frames that hang inside like files in a drawer. The lower boxes are the nursery, where the queen lays. The upper ones are for honey, and a grid keeps the queen out of them. You should be able to lift every frame without crushing anybody.`,
      `Now let's have a look at protective clothing. A veil is the one thing you can't do without. Gloves make you clumsy, so many of us leave them off. Wear something light and smooth, since dark wool reminds them of a bear. The smoker calms the colony because they fill up with honey when they smell a fire.`,
      `Spring is when the colony explodes. The queen lays two thousand eggs a day, and within weeks the box is too small. Check for queen cells every seven days. If you find them, the bees want to swarm. Now is the time to split the colony and give half of them a new home.`,
      `Okay, the honey harvest. We take the frames when most of the cells are capped with wax. A warm knife cuts the caps off, and the frames go into the drum that spins. It runs out at the bottom through two sieves. One hive gives about twenty kilos in a good summer.`,
      `The last thing I want to talk about is the varroa mite. It came from Asia and sits on the young bees. Without treatment a colony dies within three years. In August we evaporate formic acid under the lid, and in December we drip oxalic acid between the frames. Count the fallen mites on the board before and after.`,
    ],
    photography: [
      `Welcome back to the channel. In this episode we go through the settings on your camera, one by one, so that you can finally leave the automatic mode. Grab your camera and follow along.`,
      `First up is aperture. It is the hole in the lens, and its number works backwards. A small number such as two means a wide opening and a blurred background. A large number such as sixteen keeps the whole landscape sharp. For portraits I stay around two point eight.`,
      `Next, shutter speed. This is how long the sensor sees the light. A runner needs a thousandth of a second, a waterfall looks like silk with half a second. Below a sixtieth your hands will shake the picture. So rest your elbows on something or use a tripod.`,
      `Alright, so what about ISO? It makes the sensor more sensitive, and it also makes the picture grainy. In daylight leave it at one hundred. Indoors you may have to go to sixteen hundred or more. Grain is better than blur, and next to nobody will notice it on a phone.`,
      `Focus is where beginners lose most of their shots. Tell the camera which point to use, and put that point on the eye. With moving children switch to continuous tracking. Half press the button, wait for the beep, and only then press it through.`,
      `Let's turn to composition for a minute. Divide the frame into thirds with two lines each way, and place the subject where they cross. Leave space in the direction in which somebody looks. Watch the corners, since that is where lamp posts and bins creep in. Go down on your knees and see how the world changes.`,
      `Before we wrap up, a few words on editing. Shoot in raw so that you can rescue the shadows later. Straighten the horizon first. Then pull the highlights down a little and add some warmth. Less is nearly always more. See you next week.`,
    ],
    rome: [
      `In this lecture we follow the water that Rome drank. Eleven aqueducts carried a million cubic metres into the city every day. They were built over five hundred years, and some of them still feed the fountains.`,
      `So, let me begin with the source. The surveyors looked for a spring in the hills that ran clear all year. They tasted the water and examined the people who drank it. If the villagers had strong bones and bright eyes, the spring was good. Then they measured its height above the city.`,
      `Now, the slope. Water has to fall all the way, though only by a hand's breadth in a hundred metres. Too steep and it tears the channel apart, too flat and it stands still. The engineers used a wooden table six metres long with a groove of water on top. With it they could hold the gradient across fifty kilometres.`,
      `Most of the channel ran underground. Slaves and soldiers dug shafts every seventy metres and worked towards each other. The walls were lined with a mortar of lime and crushed pottery that no water gets through. Now and then an inspector climbed down to scrape the chalk off. Only in the last miles does it rise onto arches.`,
      `Which brings me to the arches. Each is half a circle of wedge shaped stones that lock each other in place. A wooden frame held them until the keystone went in. The Pont du Gard has three rows, one above the other, without any mortar at all. Okay, the lowest row was a bridge for carts as well.`,
      `Right, what happened in the city? The water entered a tank with three outlets at different heights. In a drought the private houses ran dry first, then the baths, and the public basins last. Lead pipes led under the streets. The emperor's officials stamped each pipe with its size and the name of the man who paid.`,
    ],
    guitar: [
      `Hey, good to see you. This lesson is about buying, tuning and looking after an acoustic guitar. Even if you have played for years there may be something in it.`,
      `Okay, so choosing an instrument. Sit down with it and see whether your arm reaches over the body comfortably. A solid spruce top sounds better with every year, a laminated one stays as it is. Press the strings at the twelfth fret. If they are more than three millimetres above the wood, it will hurt.`,
      `Let's talk about strings. Bronze ones sound bright and warm, and they last about three months. Light gauges are kind to the fingertips. Nylon belongs on a classical guitar, and steel would pull its bridge off. Change them one at a time so that the neck keeps its tension.`,
      `On to tuning. The six notes are E, A, D, G, B and E. A clip on tuner feels the vibration in the headstock and shows you whether to go up or down. Always come up to the note from below. So if you overshoot, slacken it and start again.`,
      `Humidity is the enemy of wood. In winter the heating dries the air, the top sinks and the frets stick out at the sides. Hang a damp sponge in the case. Never leave the instrument in a car, neither in January nor in July.`,
      `Number five, playing posture. Keep your back straight and let the waist of the guitar rest on your thigh. The thumb sits behind the neck, opposite the second finger. Relax your shoulders every few minutes. If your wrist aches, stop and shake it out.`,
      `Finally, how to practise. Ten minutes every day beat two hours on Sunday. Start slower than you think, with a metronome, and only speed up when it is clean. Record yourself once a week. You will hear what you couldn't hear while you played.`,
    ],
  },
} as const
