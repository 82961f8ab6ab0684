"""What the Transfer page says."""

SCENES = {
    "pictures": "1  Pictures",
    "augment": "2  Change them",
    "backbone": "3  Backbone",
    "ways": "4  Four ways",
    "map": "5  What it knows",
    "keep": "6  Keep it",
}
LEADS = {
    "pictures": "Two heaps of pictures. Can a machine learn to tell them apart?",
    "augment": "Change a photo without changing what it shows, and you have another photo.",
    "backbone": "Cut off the last layer of a network that has seen the world: the rest knows how to look.",
    "ways": "The same pictures, four ways to learn. Watch how right each is after how long.",
    "map": "Each picture at its place. Point at one: who stands next to it, by pixels and by features?",
    "keep": "Take the network with you, or show it to the webcam.",
}
WHAT_IT_SHOWS = {
    "pictures": """
A network learns from **examples**, and this is all it gets. It never hears what a bag is. So what the heaps have in
common by chance is learnt too: if all bags stand on white and all shoes on carpet, it learns carpets. Mix grounds,
light, sides and sizes, and keep the heaps about equally large.

Part of the pictures is held back. **Validation** pictures choose among networks and settings; **test** pictures are
asked once, at the end. Pictures of the same thing that lie in two parts make the test easier than life: record the
test separately, with another bag.
""",
    "augment": """
A few hundred photos are few. A network with a hundred thousand weights can learn them by heart, and then it is right
about these and lost with others. Flip, tilt and zoom them at random, anew in each epoch, and there is nothing left to
learn by heart. It learns slower, and with time it gets farther; whether forty epochs are time enough, **From scratch**
and **From scratch, augmented** under “Four ways” tell.

The stored tensors of a frozen backbone cannot be changed like this, for they are made once. That is the price of the
blink; end-to-end training may use both.
""",
    "backbone": """
The first layers of a network see lines and colours, later ones corners, textures and parts, the last ones wheels,
dogs' heads and soles. None of that is about the classes it was trained for; only the **last layer** is. Cut that off,
and what is left turns any picture into numbers that say what is in it.

It is **frozen**: its weights do not change, so its answer to a picture never does either. So each picture goes
through **once**, and the answers are stored. The lecture's ResNet50 gives 7×7×2,048 = 100,352 numbers for a picture
and has 23,587,712 parameters, none of which has to learn.
""",
    "ways": """
- **From scratch**: 101,345 parameters that start as noise, and {training} pictures. It has to learn even what an edge
  is.
- **Augmented**: the same, but no photo comes twice alike. Slower, and less is learnt by heart.
- **Frozen backbone + head**: the hard part was learnt before, from other pictures. What is left is to weigh the
  answers.
- **Fine-tuned**: from that head on, everything may move, at a hundredth of the learning rate: large steps would wipe
  out what the backbone knows. Its batch norms stay frozen, since a small batch tells too little about means.
  With few pictures so many weights can also go astray: it may end below the head.

Read the result as **error left**. From 90 to 95 % half of all errors are gone; from 95 to 97.5 % half of the rest.
And mind the **spread**: with {validation} validation pictures one picture is {one} %, so that a small difference of
one run proves nothing.
""",
    "map": """
By its **pixels** a picture's neighbours are those with the same background and the same brightness. By what the
**backbone** says, they are pictures of the same kind, whatever they stand on. It was never told about your two
classes.

The plane is a shadow: of all the directions in which pictures differ, PCA shows the two in which they differ most.
The lines go to the nearest neighbours in *all* dimensions; where they run across the map, the shadow hides something.
""",
    "keep": """
`model.keras` is the whole network, from the prepared picture to its answer. A model alone is not enough: fed with
pictures that were cut or scaled otherwise, it is wrong and does not know it. So the kept folder says how a picture is
prepared and what the classes are called; and, for a network with a backbone, how far from all training pictures is
too far.

A model file can contain code. It is opened in Keras's safe mode, and before that its layers are looked through: a
Lambda layer, which is somebody's code, is refused.
""",
}
PRIVACY = (
    "Your pictures stay in this visit: nobody else sees them and they are kept on no disk. They go when the page is "
    "closed or loaded anew, or at once with the button."
)
