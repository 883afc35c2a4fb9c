"""Writes Kaldi's text form of an acoustic model: a transition model and a small neural network.

The text form is read as well as the binary one, needs no library to write, and can be looked at.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Affine:
    """outputs = weights @ inputs + bias; `weights` is (outputs, inputs)."""

    weights: Matrix
    bias: Matrix

    def text(self) -> str:
        """The component between its name and its end."""
        rows = "\n".join("  " + _numbers(row) for row in self.weights)
        return (
            f"<FixedAffineComponent> <LinearParams>  [\n{rows} ]\n<BiasParams>  [ {_numbers(self.bias)} ]\n"
            "</FixedAffineComponent>"
        )


@dataclass(frozen=True)
class Rectifier:
    """outputs = max(0, inputs)."""

    width: int

    def text(self) -> str:
        """The component between its name and its end."""
        name = "RectifiedLinearComponent"
        return f"<{name}> <Dim> {self.width} <ValueAvg>  [ ]\n<DerivAvg>  [ ]\n<Count> 0 </{name}>"


def acoustic_model(phones: Sequence[int], layers: Sequence[Affine | Rectifier], context: Sequence[int] = (0,)) -> str:
    """The text of final.mdl.

    `phones` gives each phone's output of the network; phones count from 1 and have one state each, in which a frame
    stays or from which it goes on, with equal chance. The first layer takes the features of the frames at `context`,
    one after the other.
    """
    return f"{_transitions(phones)}{_network(layers, context)}"


def forward(phone: int) -> int:
    """The id of the transition out of a phone's only state; with it, a phone begins."""
    return 2 * phone


def again(phone: int) -> int:
    """The id of the transition that stays in a phone's only state."""
    return 2 * phone - 1


def _transitions(phones: Sequence[int]) -> str:
    numbers = range(1, len(phones) + 1)
    triples = "\n".join(f"{phone} 0 {output}" for phone, output in zip(numbers, phones, strict=True))
    half = math.log(0.5)
    return (
        "<TransitionModel> \n<Topology> \n<TopologyEntry> \n<ForPhones> \n"
        f"{' '.join(map(str, numbers))}\n</ForPhones> \n"
        "<State> 0 <PdfClass> 0 <Transition> 0 0.5 <Transition> 1 0.5 </State> \n<State> 1 </State> \n"
        f"</TopologyEntry> \n</Topology> \n<Triples> {len(phones)} \n{triples}\n</Triples> \n"
        f"<LogProbs> \n [ 0 {_numbers([half] * 2 * len(phones))} ]\n</LogProbs> \n</TransitionModel> \n"
    )


def _network(layers: Sequence[Affine | Rectifier], context: Sequence[int]) -> str:
    first = layers[0]
    assert isinstance(first, Affine)  # nothing else tells how wide the input is
    taken = ", ".join(f"Offset(input, {frame})" if frame else "input" for frame in context)
    names = [f"layer{number}" for number in range(len(layers))]
    wiring = [
        f"input-node name=input dim={first.weights.shape[1] // len(context)}",
        *(
            f"component-node name={name} component={name} input={before}"
            for before, name in zip([f"Append({taken})" if len(context) > 1 else taken, *names], names, strict=False)
        ),
        f"output-node name=output input={names[-1]} objective=linear",
    ]
    components = "\n".join(f"<ComponentName> {name} {layer.text()}" for name, layer in zip(names, layers, strict=True))
    return (
        "<Nnet3> \n" + "\n".join(wiring) + f"\n\n<NumComponents> {len(layers)} \n{components}\n</Nnet3> \n"
        "<LeftContext> 0 <RightContext> 0 <Priors>  [ ]\n"
    )


def _numbers(values: Iterable[float]) -> str:
    return " ".join(f"{value:.6g}" for value in values)
