"""What the families' accounts publish, by name, and how much of it is downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Line:
    """What one family publishes: the most downloaded first, ``top`` downloads a month."""

    names: str
    top: int
    licence: str
    gated: str | bool = False
    task: str = "text-generation"


LINES: Final = {
    "Qwen": Line(
        "Qwen2.5-7B-Instruct Qwen3-0.6B Qwen3-8B Qwen2.5-1.5B-Instruct Qwen3-4B-Instruct-2507 "
        "Qwen2.5-0.5B-Instruct Qwen3-4B Qwen2.5-VL-7B-Instruct Qwen2.5-3B-Instruct Qwen3-32B "
        "Qwen2.5-7B Qwen2.5-0.5B Qwen2.5-1.5B Qwen3-8B-Base Qwen3-1.7B Qwen2.5-14B-Instruct "
        "Qwen3-30B-A3B Qwen2.5-32B-Instruct Qwen2.5-Coder-7B-Instruct Qwen3-14B Qwen3-4B-Base "
        "Qwen3-Coder-30B-A3B-Instruct Qwen2.5-14B Qwen2.5-72B-Instruct QwQ-32B Qwen1.5-0.5B "
        "Qwen1.5-1.8B Qwen3-8B-GGUF Qwen3-235B-A22B Qwen3-8B-FP8",
        21_000_000,
        "apache-2.0",
    ),
    "Llama": Line(
        "Llama-3.1-8B-Instruct Llama-3.2-1B-Instruct Meta-Llama-3-8B Llama-3.2-3B-Instruct "
        "Llama-3.1-8B Meta-Llama-3-8B-Instruct Llama-3.2-1B Llama-2-7b-hf Llama-3.2-3B "
        "Llama-3.3-70B-Instruct Llama-3.1-70B-Instruct Llama-2-7b-chat-hf Llama-3.1-70B "
        "Llama-2-13b-hf Llama-3.2-11B-Vision-Instruct Llama-3.1-405B-Instruct "
        "Llama-4-Scout-17B-16E-Instruct Llama-2-13b-chat-hf Llama-2-70b-hf CodeLlama-7b-hf "
        "Llama-Guard-3-8B Meta-Llama-3-70B-Instruct",
        9_400_000,
        "llama3.1",
        gated="manual",
    ),
    "DeepSeek": Line(
        "DeepSeek-V3.2 DeepSeek-R1 DeepSeek-R1-Distill-Llama-8B DeepSeek-R1-Distill-Qwen-7B "
        "DeepSeek-R1-0528 DeepSeek-V3 DeepSeek-R1-Distill-Qwen-32B DeepSeek-R1-Distill-Qwen-1.5B "
        "DeepSeek-OCR DeepSeek-Coder-V2-Lite-Instruct DeepSeek-V2-Lite-Chat DeepSeek-V3-0324 "
        "DeepSeek-R1-0528-Qwen3-8B DeepSeek-R1-Distill-Qwen-14B deepseek-coder-6.7b-instruct "
        "deepseek-coder-6.7b-base deepseek-llm-7b-base deepseek-math-7b-instruct DeepSeek-V2-Lite",
        11_900_000,
        "mit",
    ),
    "Mistral": Line(
        "Mistral-7B-Instruct-v0.3 Mistral-7B-Instruct-v0.2 Mistral-7B-v0.1 "
        "Mixtral-8x7B-Instruct-v0.1 Mistral-7B-Instruct-v0.1 Mistral-Nemo-Instruct-2407 "
        "Mistral-7B-v0.3 Mixtral-8x7B-v0.1 Mistral-Small-24B-Instruct-2501 "
        "Ministral-8B-Instruct-2410 Mistral-Small-3.1-24B-Instruct-2503 Mistral-Nemo-Base-2407 "
        "Mistral-Small-24B-Base-2501 Devstral-Small-2505 Magistral-Small-2506 Pixtral-12B-2409 "
        "Mixtral-8x22B-Instruct-v0.1 Codestral-22B-v0.1",
        3_800_000,
        "apache-2.0",
        gated="auto",
    ),
    "Gemma": Line(
        "gemma-3-4b-it gemma-3-1b-it gemma-3-27b-it gemma-3-12b-it gemma-2-2b-it gemma-2-9b-it "
        "gemma-3-270m-it gemma-2-2b gemma-2b gemma-7b gemma-3-4b-pt gemma-3-1b-pt gemma-2-9b "
        "gemma-2b-it gemma-7b-it gemma-3n-E4B-it gemma-3n-E2B-it gemma-3-270m medgemma-4b-it "
        "codegemma-7b gemma-2-27b-it gemma-3-12b-it-qat-q4_0-gguf gemma-3-27b-pt "
        "embeddinggemma-300m",
        8_900_000,
        "gemma",
        gated="manual",
    ),
    "gpt-oss": Line(
        "gpt-oss-20b gpt-oss-120b gpt-oss-safeguard-20b gpt-oss-safeguard-120b gpt-oss-20b-BF16 "
        "gpt-oss-120b-BF16 gpt-oss-20b-base gpt-oss-20b-metal",
        7_300_000,
        "apache-2.0",
    ),
    "Nemotron": Line(
        "NVIDIA-Nemotron-3-Nano-30B-A3B-BF16 NVIDIA-Nemotron-3-Nano-30B-A3B-FP8 "
        "NVIDIA-Nemotron-Nano-9B-v2 llama-nemotron-embed-1b-v2 Llama-3.1-Nemotron-70B-Instruct-HF "
        "Llama-3.1-Nemotron-Nano-8B-v1 NVIDIA-Nemotron-Nano-12B-v2 Nemotron-Mini-4B-Instruct "
        "Llama-3_3-Nemotron-Super-49B-v1_5 OpenReasoning-Nemotron-7B Nemotron-Cascade-8B "
        "Minitron-Nemotron-4B-Base Nemotron-H-8B-Base-8K NVIDIA-Nemotron-Nano-9B-v2-Japanese",
        1_150_000,
        "other",
    ),
    "Phi": Line(
        "Phi-3-mini-4k-instruct Phi-3.5-mini-instruct phi-2 phi-4 Phi-4-mini-instruct "
        "Phi-3-mini-128k-instruct Phi-4-multimodal-instruct Phi-3.5-vision-instruct phi-1_5 "
        "Phi-3.5-MoE-instruct Phi-3-medium-4k-instruct Phi-4-reasoning Phi-3-vision-128k-instruct "
        "Phi-4-mini-reasoning phi-1 Phi-3-small-8k-instruct phi-4-gguf",
        770_000,
        "mit",
    ),
    "GLM": Line(
        "zai-org/GLM-5-FP8 zai-org/GLM-4.7-Flash zai-org/chatglm2-6b zai-org/GLM-4.5-Air "
        "zai-org/GLM-4.1V-9B-Thinking zai-org/glm-4-9b-chat zai-org/GLM-5 zai-org/GLM-4.5 "
        "zai-org/GLM-4.6 zai-org/glm-4-9b zai-org/chatglm3-6b zai-org/GLM-4-32B-0414 "
        "zai-org/GLM-Z1-9B-0414 zai-org/GLM-4.5V THUDM/chatglm-6b THUDM/glm-4v-9b "
        "THUDM/glm-edge-1.5b-chat THUDM/glm-10b",
        1_150_000,
        "mit",
    ),
    "Kimi": Line(
        "Kimi-K2.5 Kimi-K2.6 Kimi-K2-Instruct-0905 Kimi-K2-Instruct Kimi-VL-A3B-Instruct "
        "Kimi-K2-Thinking Kimi-VL-A3B-Thinking Kimi-Linear-48B-A3B-Instruct Moonlight-16B-A3B "
        "Moonlight-16B-A3B-Instruct Kimi-K2-Base Kimi-Dev-72B",
        1_900_000,
        "other",
    ),
    "MiniMax": Line(
        "MiniMax-M2.5 MiniMax-M2.7 MiniMax-M2 MiniMax-M1-40k MiniMax-Text-01-hf MiniMax-M2.1 "
        "MiniMax-Text-01 SynLogic-7B MiniMax-M1-80k MiniMax-VL-01",
        930_000,
        "mit",
    ),
    "Granite": Line(
        "granite-4.0-micro granite-docling-258M granite-3.3-8b-instruct granite-4.0-h-tiny "
        "granite-3.3-2b-instruct granite-4.0-tiny-preview granite-3.1-8b-instruct "
        "granite-3.0-1b-a400m-base granite-4.0-350m granite-3.0-8b-instruct "
        "granite-3b-code-base-2k granite-embedding-english-r2 granite-3.3-8b-base "
        "granite-4.0-h-small granite-vision-3.3-2b granite-8b-code-instruct-4k",
        380_000,
        "apache-2.0",
    ),
    "Hunyuan": Line(
        "HunyuanOCR Hunyuan3D-2 HunyuanVideo Hy3-preview Hunyuan-A13B-Instruct "
        "Hunyuan-7B-Instruct Hunyuan-MT-7B HunyuanImage-3.0 Hunyuan-1.8B-Instruct "
        "Tencent-Hunyuan/HunyuanDiT Tencent-Hunyuan/HunyuanDiT-v1.2",
        200_000,
        "other",
        task="text-to-image",
    ),
    "ERNIE": Line(
        "baidu/ERNIE-4.5-VL-28B-A3B-PT baidu/ERNIE-4.5-21B-A3B-PT "
        "baidu/ERNIE-4.5-21B-A3B-Thinking baidu/ERNIE-4.5-0.3B-PT "
        "baidu/ERNIE-4.5-VL-28B-A3B-Thinking baidu/ERNIE-4.5-300B-A47B-PT "
        "baidu/ERNIE-4.5-0.3B-Base-PT PaddlePaddle/ernie-1.0-base-zh "
        "PaddlePaddle/ernie-3.0-nano-zh",
        150_000,
        "apache-2.0",
    ),
    "SmolLM": Line(
        "SmolLM2-135M-Instruct SmolLM2-135M SmolVLM-256M-Instruct SmolLM-135M "
        "SmolLM2-360M-Instruct SmolVLM-500M-Instruct SmolLM2-1.7B-Instruct SmolLM-360M-Instruct "
        "SmolLM2-1.7B SmolLM3-3B SmolVLM2-256M-Video-Instruct SmolLM3-3B-Base SmolLM2-360M "
        "SmolLM-1.7B SmolVLM-Instruct SmolLM-1.7B-Instruct",
        1_500_000,
        "apache-2.0",
    ),
    "OLMo": Line(
        "Olmo-3-7B-Instruct Olmo-3-1025-7B OLMoE-1B-7B-0924 OLMo-2-0425-1B "
        "OLMoE-1B-7B-0125-Instruct Olmo-3-7B-Think OLMo-2-1124-7B-Instruct OLMo-2-1124-7B "
        "olmOCR-2-7B-1025 OLMo-1B-hf Olmo-3-7B-Instruct-SFT OLMo-7B-hf olmOCR-7B-0225-preview "
        "OLMo-2-0325-32B-Instruct",
        590_000,
        "apache-2.0",
    ),
}
"""Families' repositories; a name without a slash belongs to the family's first account."""
