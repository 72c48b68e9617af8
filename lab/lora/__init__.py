"""LoRA for any torch model (Hu et al. 2021), with files that PEFT reads.

layer    one adapted layer         embedding, conv   other kinds of layer
dora     lengths beside directions pissa             started at the largest directions
targets  the layers there are      choice            those that the settings choose
kinds    a layer's class           inject            in, merged, off again
state    what trains, its tensors  biases, saved     what trains along, owned as copies
plus     B faster than A           from_loralib      the paper's own checkpoints
strength W + λ·ΔW                  spectrum          how large ΔW is, in how many directions
factors  A and B of a file         directions        a matrix's singular vectors
subspaces, shared_directions       what two adapters have in common
amplification                      what of W an update enlarges
grouped, grouped_product           several adapters over one base, in one pass
products the layer's own backward  adapter_files, adapter_settings   to disk and back
"""

from lab.config import LoRAConfig
from lab.lora.adapter_files import load_adapter, save_adapter
from lab.lora.amplification import Amplification, find_amplifications
from lab.lora.factors import Factors, read_factors
from lab.lora.from_loralib import load_loralib
from lab.lora.inject import (
    apply_lora_to_model,
    copy_sharing_parameters,
    merge_into_base,
    merge_lora,
    remove_lora,
    unmerge_lora,
)
from lab.lora.layer import LoRALayer, find_lora_layers, layer_shape
from lab.lora.plus import loraplus_groups
from lab.lora.shared_directions import SubspaceComparison, compare_adapters
from lab.lora.spectrum import UpdateSpectrum, find_spectra
from lab.lora.state import (
    adapter_bytes,
    count_parameters,
    load_lora_state_dict,
    lora_state_dict,
    mark_only_lora_as_trainable,
    predict_parameters,
    print_trainable_parameters,
)
from lab.lora.strength import at_strength, save_adapter_at_strength, update_strength
from lab.lora.subspaces import subspace_similarity
from lab.lora.targets import (
    LEAF_PATTERN,
    LayerShape,
    TargetGroup,
    find_leaf_names,
    find_target_modules,
    match_target_modules,
    target_regex,
)

__all__ = [
    "LEAF_PATTERN",
    "Amplification",
    "Factors",
    "LayerShape",
    "LoRAConfig",
    "LoRALayer",
    "SubspaceComparison",
    "TargetGroup",
    "UpdateSpectrum",
    "adapter_bytes",
    "apply_lora_to_model",
    "at_strength",
    "compare_adapters",
    "copy_sharing_parameters",
    "count_parameters",
    "find_amplifications",
    "find_leaf_names",
    "find_lora_layers",
    "find_spectra",
    "find_target_modules",
    "layer_shape",
    "load_adapter",
    "load_lora_state_dict",
    "load_loralib",
    "lora_state_dict",
    "loraplus_groups",
    "mark_only_lora_as_trainable",
    "match_target_modules",
    "merge_into_base",
    "merge_lora",
    "predict_parameters",
    "print_trainable_parameters",
    "read_factors",
    "remove_lora",
    "save_adapter",
    "save_adapter_at_strength",
    "subspace_similarity",
    "target_regex",
    "unmerge_lora",
    "update_strength",
]
