"""What the Train page says of a run: where it is, what to make of it, what went wrong. `view` is a RunView."""

import math

from core.nets.layers import Dropout
from core.training.spec import OPTIMISERS, RunSpec, batches

GUESSING = "No better than guessing so far. The steps may be too large: try a smaller learning rate."
LOST_AGAIN = "No better than guessing any more. The steps may be too large: try a smaller learning rate."
NEVER_LEARNT = "It was no better than guessing to the end. The steps may be too large: try a smaller learning rate."
TURNS = "Another training has this worker now. They take turns of a few seconds."
WAKING = "TensorFlow is waking up. This takes about eight seconds, once."


def percent(share: float) -> str:
    """97.2 %; two decimals only where it is nearly all. A half is rounded up, as browsers do beside it."""
    decimals = 2 if 0.995 < share < 1 else 1
    return f"{_rounded(share, decimals):.{decimals}f} %"


def error_left(accuracy: float) -> str:
    """The lecture's way to read an accuracy: what is still wrong. With the accuracy as it is written it makes 100."""
    decimals = 1 if accuracy < 0.99 else 2
    return f"{100 - _rounded(accuracy, decimals):.{decimals}f} %"


def _rounded(share: float, decimals: int) -> float:
    """In hundredths; what floats make of a half (80.25 from 321 / 400) counts as one."""
    return math.floor(100 * share * 10**decimals + 0.5 + 1e-6) / 10**decimals


def moved(before: float, after: float) -> str:
    """From 91.5 % to 77.3 %: "−14.2 points", the difference of the two as they are written."""
    decimals = 2 if any(0.995 < share < 1 for share in (before, after)) else 1
    points = _rounded(after, decimals) - _rounded(before, decimals)
    if abs(points) < 0.5 * 10**-decimals:
        return "no difference" if abs(after - before) < 5e-5 else "hardly a difference"
    return f"{points:+.{decimals}f} points".replace("-", "−")


def error_fall(worse: float, better: float) -> str:
    """From 12.0 % to 9.5 % error: one mistake in five is gone."""
    before, after = 1 - worse, 1 - better
    gone = f"{100 * (before - after) / before:.0f} % of the mistakes are gone" if before > 0 else "nothing was wrong"
    return f"From {error_left(worse)} to {error_left(better)} error left: {gone}."


def clock(seconds: float) -> str:
    """1:05 or 2:03:04."""
    whole = max(math.ceil(seconds), 0)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def batches_line(pictures: int, batch_size: int) -> str:
    """48,000 / 64 = 750 batches make an epoch."""
    count = batches(pictures, batch_size)
    exact = pictures / batch_size
    sum_of = f"{pictures:,} / {batch_size} = "
    if exact == count:
        return f"{sum_of}{count:,} batches make an epoch, one pass over all training pictures."
    written = f"{exact:,.2f}".removesuffix("0")
    return f"{sum_of}{written}, rounded up: {count:,} batches make an epoch, one pass over all training pictures."


def recipe(spec: RunSpec, epochs=()) -> str:
    """How a run is trained, in one line. epochs: those that have ended, for a learning rate changed by hand."""
    return ", ".join(recipe_parts(spec, epochs).values())


def recipe_parts(spec: RunSpec, epochs=()) -> dict[str, str]:
    """The same part by part: what is set -> how. What is not used has no part."""
    rates = [spec.learning_rate]
    if spec.schedule == "constant":
        for result in epochs:
            if result.learning_rate != rates[-1]:
                rates.append(result.learning_rate)
    dropout = next((layer.rate for layer in reversed(spec.network.layers) if isinstance(layer, Dropout)), 0)
    parts = {
        "rate": f"{OPTIMISERS[spec.optimiser]} {' → '.join(f'{rate:g}' for rate in rates)}",
        "schedule": "along half a cosine" if spec.schedule == "cosine" else "",
        "batch": f"batch {spec.batch_size}",
        "seed": f"seed {spec.seed}",
        "decay": f"weight decay {spec.weight_decay:g}" if spec.weight_decay else "",
        "smoothing": f"labels smoothed by {spec.label_smoothing:g}" if spec.label_smoothing else "",
        "dropout": f"dropout {dropout:g}" if dropout else "",
        "augmentation": "augmented" if spec.augmentation.is_on else "",
        "filter": "with your filter" if spec.fixed_filter else "",
    }
    return {name: part for name, part in parts.items() if part}


def headline(view) -> str:
    """Where the run is."""
    epochs = view.spec.epochs
    match view.state:
        case "queued" if view.ahead:
            return f"Waiting: {view.ahead} {'run' if view.ahead == 1 else 'runs'} ahead of you"
        case "queued":
            return "Waiting for a free worker"
        case "preparing" if view.shares:
            return "Waiting for its turn"
        case "preparing":
            return "Getting ready"
        case "running":
            return f"Epoch {min(view.epoch + 1, epochs)} of {epochs}, batch {view.batch:,} of {view.batches:,}"
        case "paused":
            return f"Paused in epoch {min(view.epoch + 1, epochs)}, batch {view.batch:,} of {view.batches:,}"
        case "finished":
            return f"Trained, {len(view.epochs)} {'epoch' if len(view.epochs) == 1 else 'epochs'}"
        case "stopped" if view.epochs and view.epochs[-1].share < 1:
            return f"Stopped in epoch {len(view.epochs)}"
        case "stopped":
            return f"Stopped after {len(view.epochs)} {'epoch' if len(view.epochs) == 1 else 'epochs'}"
        case "lost":
            return "The worker ended"
    return "The run ended early"


def waiting(view, warm: bool) -> str:
    """Why nothing moves yet. warm: whether the workers have TensorFlow ready."""
    if view.state == "queued" and view.ahead:
        return "Runs are trained one after the other, those of everybody in turn."
    if view.shares:
        return TURNS
    if not warm:
        return WAKING
    return "The network is built and the pictures are brought in."


def facts(view) -> tuple[str, ...]:
    """Speed, time and device, as far as there is anything to say."""
    told = []
    if view.state == "running" and view.pictures_per_second:
        told.append(f"{view.pictures_per_second:,.0f} pictures/s")
    if view.state in ("running", "paused") and view.seconds_left:
        told.append(f"{clock(view.seconds_left)} left")
    if view.state not in ("running", "paused", "queued", "preparing") and view.seconds:
        told.append(f"{clock(view.seconds)} of training")
    if view.device:
        told.append(view.device)
    return (*told, view.title)


def remark(view) -> tuple[str, bool]:
    """One sentence on what is seen, and whether it is something to look at."""
    if view.storage_message:
        return view.storage_message, True
    if view.state in ("failed", "lost"):
        return view.message or "It ended without a word.", True
    if view.state in ("queued", "preparing"):
        return view.message, False
    if view.shares and view.state == "running":
        return TURNS, False
    if view.testing:
        return "The network is asked about the test pictures, which it never saw.", False
    if view.test:
        return _tested(view), False
    if view.test_message:
        return view.test_message, True
    if _is_guessing(view):
        return _guessed(view), True
    if view.turned_at is not None:
        return _turned(view), True
    return _course(view), False


def _is_guessing(view) -> bool:
    """Whether after two epochs the loss is that of equal shares for all classes, or worse."""
    return len(view.epochs) > 1 and _is_guess(view, view.epochs[-1])


def _is_guess(view, epoch) -> bool:
    return not epoch.loss <= 0.99 * math.log(max(len(view.classes), 2))  # a loss that is no number is one


def _guessed(view) -> str:
    """What to make of a run that guesses now; it may have known better, and the best it knew is what is kept."""
    ended = view.state in ("finished", "stopped")
    if all(_is_guess(view, epoch) for epoch in view.epochs):
        return NEVER_LEARNT if ended else GUESSING
    return f"At the end no better than guessing: the steps were too large. {_kept(view)}" if ended else LOST_AGAIN


def _tested(view) -> str:
    accuracy = view.test["accuracy"]
    return (
        f"Test set: {percent(accuracy)} right, {error_left(accuracy)} error left. This is the figure to report: "
        "these pictures were used neither to train nor to choose."
    )


def _turned(view) -> str:
    epoch = view.turned_at + 1
    ended = view.state in ("finished", "stopped")
    kept = f" Kept and shown: epoch {view.best_epoch + 1}, with the most validation pictures right." if ended else ""
    return (
        f"Since epoch {epoch} the loss on validation pictures rises while the training loss falls: the network begins "
        f"to learn its pictures by heart (overfitting).{kept}"
    )


def _course(view) -> str:
    if not view.epochs:
        return batches_line(view.training_count, view.spec.batch_size)
    last = view.epochs[-1]
    if view.state in ("finished", "stopped"):
        return _kept(view)
    gap = last.accuracy - last.validation_accuracy
    if gap > 0.03 and len(view.epochs) > 1:
        return (
            f"{percent(last.accuracy)} right in training, {percent(last.validation_accuracy)} on pictures it does not "
            "train on: the gap is what it learnt by heart."
        )
    return batches_line(view.training_count, view.spec.batch_size)


def _kept(view) -> str:
    """Which epoch's network is shown of a run that has ended."""
    best = view.epochs[view.best_epoch if view.best_epoch is not None else -1]
    accuracy = best.validation_accuracy
    return (
        f"Kept and shown: epoch {best.epoch + 1}, {percent(accuracy)} of the validation pictures right, "
        f"{error_left(accuracy)} error left."
    )
