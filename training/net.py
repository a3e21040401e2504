"""The reader's network: one pass of a small encoder over the words of a document, then cheap scores over pairs.

A transformer (MiniLM, six layers) reads word pieces; each word takes the vector of its first piece, is joined by what
rules and dictionaries say of it, and a two-way LSTM of two layers carries both across the whole document. On top: tags for names,
offices and other spans; a trigger tag for the word that anchors an engagement; and small perceptrons over pairs
(engagement and person, engagement and date, person and office …). Methods: joint span and event extraction over one
shared encoding as in DyGIE++ (Wadden et al. 2019), pair scores with distance features as in Lee et al. 2017.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import BertModel

from dragoman.network import layout

WIDTH = 320
PAIR_HIDDEN = 128
LAYERS = 2  # of the LSTM
PAIR_FEATURES = layout.PAIR_FEATURES


class PairScorer(nn.Module):
    """Scores pairs of vectors with small categorical features of the pair."""

    def __init__(self, out: int, extra: int = 0) -> None:
        super().__init__()
        self.left = nn.Linear(WIDTH, PAIR_HIDDEN)
        self.right = nn.Linear(WIDTH, PAIR_HIDDEN, bias=False)
        self.both = nn.Linear(WIDTH, PAIR_HIDDEN, bias=False)
        self.features = nn.ModuleList(nn.Embedding(n, PAIR_HIDDEN) for n in PAIR_FEATURES)
        self.extra = nn.Linear(extra, PAIR_HIDDEN, bias=False) if extra else None
        self.drop = nn.Dropout(0.2)
        self.out = nn.Linear(PAIR_HIDDEN, out)

    def forward(self, a: Tensor, b: Tensor, feats: Tensor, extra: Tensor | None = None) -> Tensor:
        """``a``, ``b`` [n, WIDTH], ``feats`` [n, len(PAIR_FEATURES)] -> [n, out]."""
        h = self.left(a) + self.right(b) + self.both(a * b)
        for i, emb in enumerate(self.features):
            h = h + emb(feats[:, i])
        if self.extra is not None and extra is not None:
            h = h + self.extra(extra)
        return self.out(self.drop(torch.relu(h)))


class Net(nn.Module):
    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.embed = nn.ModuleList(nn.Embedding(n, layout.FEATURE_DIM) for n in layout.WORD_FEATURES)
        width = 384 + layout.FEATURE_DIM * len(layout.WORD_FEATURES) + layout.MULTI_HOT
        self.mix = nn.Linear(width, WIDTH)
        self.lstm = nn.LSTM(
            WIDTH, WIDTH // 2, LAYERS, bidirectional=True, batch_first=True, dropout=0.2 if LAYERS > 1 else 0.0
        )
        self.norm = nn.LayerNorm(WIDTH)
        self.drop = nn.Dropout(0.3)
        self.out_drop = nn.Dropout(0.2)
        self.tags = nn.Linear(WIDTH, 3 * len(layout.TAGS))
        self.trigger = nn.Sequential(nn.Linear(WIDTH, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 8))
        self.kind = nn.Embedding(8, WIDTH)
        self.event = nn.Linear(3 * WIDTH, WIDTH)
        self.heads = nn.ModuleDict({n: nn.Linear(WIDTH, k) for n, k in layout.EVENT_HEADS.items()})
        self.pairs = nn.ModuleDict({n: PairScorer(k, x) for n, (k, x) in layout.PAIR_HEADS.items()})
        self.none = nn.ModuleDict({n: nn.Linear(WIDTH, k) for n, k in layout.NONE_HEADS.items()})

    def mixed(self, h: Tensor, feats: Tensor, hot: Tensor) -> Tensor:
        """Encoder's vectors joined by the features of the words [n, WIDTH]."""
        parts = [self.drop(h)] + [emb(feats[:, i]) for i, emb in enumerate(self.embed)] + [self.drop(hot)]
        return torch.relu(self.mix(torch.cat(parts, -1)))

    def across(self, documents: list[Tensor]) -> list[Tensor]:
        """Vectors of the words of several documents, each [n, WIDTH], from their mixed ones: the LSTM over all at once."""
        packed = nn.utils.rnn.pack_sequence([self.drop(x) for x in documents], enforce_sorted=False)
        y, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        return [self.norm(x + y[i, : len(x)]) for i, x in enumerate(documents)]

    def events(self, h: Tensor, columns: dict[str, Tensor], documents: int) -> Tensor:
        """Vectors of a batch's engagements [events, WIDTH] from their anchor words, kinds, sentences and documents.

        ``h`` [words, WIDTH]; ``columns`` as :class:`training.batch.Batch` holds them.
        """
        total = torch.zeros(documents, h.shape[1], device=h.device).index_add(0, columns["document"], h)
        mean = total / torch.bincount(columns["document"], minlength=documents).unsqueeze(-1)
        near = h[columns["event.near"]].max(1).values
        anchor = h[columns["event.word"]] + self.kind(columns["event.kind"])
        out: Tensor = torch.relu(self.event(torch.cat([anchor, near, mean[columns["event.document"]]], -1)))
        return out


def trained(path: str, encoder: str) -> Net:
    """The network whose weights ``training.train`` wrote, ready to be asked; ``encoder`` is the pretrained one's folder."""
    net = Net(BertModel.from_pretrained(encoder, add_pooling_layer=False, attn_implementation="eager").float())
    state = torch.load(path, map_location="cpu", weights_only=True)
    net.load_state_dict({k: v.float() for k, v in state.items()})
    net.eval()
    return net
