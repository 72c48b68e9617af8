"""What LoRA is, said where it is used: explanations, the first visit's guide, variants."""

from __future__ import annotations

GUIDE = {
    "help": {
        "open": "What is this?",
        "model": "An embedding model turns a picture or a text into a point, a list of numbers; "
        "things alike in meaning are to lie close together. What you choose here stays frozen: "
        "no weight of it is ever written.",
        "pairs": "A pair is two things that belong together, such as a picture and its title. "
        "Most pairs are trained on; the others are held out, and everything you see under "
        "Before / After is measured on those alone.",
        "layers": "A network is a stack of matrices. LoRA leaves each as it is and puts a small "
        "trainable update beside those that you tick. The query and value projections of "
        "attention are the usual first choice.",
        "lora": "The update of a matrix W is the product of two thin ones, B·A, of rank r: few "
        "numbers that can still turn W in r directions. It is scaled by alpha / r, so that alpha "
        "sets how strongly it acts and r how much it can hold.",
        "training": "In a batch every text is compared with every partner. The loss (InfoNCE) "
        "pulls the diagonal, the pairs, together and pushes all else apart; the temperature "
        "says how much the closest wrong answers count.",
    },
    "guide": {
        "title": "First time here? Nothing needs to be set.",
        "open": "Guide",
        "close": "Close the guide",
        "model": "A model and pairs are chosen. Take others, or upload your own.",
        "layers": "Tick the layers that get an update, and set its rank r.",
        "start": "Press Fine-tune. About how long it takes stands above the button.",
        "training": "Watch the loss fall, and stop whenever you like: what was learned is kept.",
        "compare": "See what changed: maps, numbers with intervals, what was forgotten.",
        "take": "Take the adapter home, in PEFT's format, with a report.",
    },
    "variants": {
        "fold": "Variants, memory and precision",
        "methods": "Variants of LoRA",
        "rslora": "rsLoRA: scale by alpha / √r, so that large ranks learn as fast as small ones",
        "dora": "DoRA: learn each output's length apart from its direction",
        "pissa": "PiSSA: start at the weight's own largest directions",
        "dropout_on": "Dropout falls on",
        "dropout_input": "the update's input, as in the paper",
        "dropout_factors": "the factors A and B",
        "loraplus_ratio": "Learning rate of B over that of A",
        "loraplus_info": "LoRA+: above 1, B learns faster than A. 1: the same for both.",
        "precision": "Precision",
        "precision_auto": "automatic",
        "precision_info": "Automatic: bf16 where the device is fast in it and the model large.",
        "micro_batch_size": "Pairs in memory at once",
        "micro_info": "0: the whole batch. Fewer: the same training in less memory (gradient "
        "caching).",
        "peft_code": "The same adapter's settings for PEFT",
    },
}
