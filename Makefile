# teikyaku: two commands for everybody, `make demo` and `make test`; the rest for who works here.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	if $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then echo $$p; break; fi; done)
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
STAMPS := $(VENV)/.stamps
RUN := $(STAMPS)/requirements
DEV := $(STAMPS)/requirements-dev
CODE := manage.py teikyaku clients plans billing tests benchmarks

.DEFAULT_GOAL := help
.PHONY: help demo test lint fmt types bench phone scale chaos rotation fuzz lock audit shots

help: ## この一覧 (this list)
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(PY):
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11〜3.13 がありません。Debian なら: apt-get install python3 python3-venv"; exit 1; fi
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "venv がありません。Debian なら: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN): requirements.txt | $(PY)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@mkdir -p $(STAMPS) && touch $@

$(DEV): requirements-dev.txt $(RUN) | $(PY)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@mkdir -p $(STAMPS) && touch $@

demo: $(RUN) ## 架空の街で起動する (PORT=8000)
	@TEIKYAKU_MODE=demo $(PY) manage.py migrate --verbosity 0
	@TEIKYAKU_MODE=demo $(PY) manage.py createcachetable
	@TEIKYAKU_MODE=demo $(PY) manage.py demo_city
	@echo "http://127.0.0.1:$(PORT)/  (Ctrl-C で止まります)"
	@TEIKYAKU_MODE=demo BASE_URL=http://127.0.0.1:$(PORT) $(PY) -m gunicorn teikyaku.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --log-level warning

test: $(DEV) ## すべてのテストを SQLite と PostgreSQL で
	$(PY) tests/run.py $(ARGS)

lint: $(DEV) ## 書き方・移行・本番設定の点検
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --lint --quiet templates
	@TEIKYAKU_MODE=demo $(PY) manage.py makemigrations --check --dry-run
	@TEIKYAKU_MODE=production SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))') \
	 ALLOWED_HOSTS=teikyaku.example.jp DEFAULT_FROM_EMAIL=teikyaku@example.jp BASE_URL=https://teikyaku.example.jp DATABASE_URL=postgres://u:p@127.0.0.1/x MEDIA_ROOT=$(CURDIR) \
	 $(PY) manage.py check --deploy --fail-level WARNING

fmt: $(DEV) ## 書き方をそろえる
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

types: $(DEV) ## 型の点検
	$(PY) -m mypy teikyaku clients plans billing

bench: $(DEV) ## 速さを測り JSON で出す (PEOPLE=1000000、月の締めは CLOSED=100000、ON=postgresql、MONTH=troubled)
	@PEOPLE=$(PEOPLE) ON=$(or $(ON),sqlite) $(PY) -m $(if $(CLOSED),benchmarks.closes --closed $(CLOSED) --on $(or $(ON),sqlite) $(if $(filter troubled,$(MONTH)),--troubled),benchmarks)

phone: $(DEV) ## 主な画面を、4倍遅い古い電話で測り JSON で出す (CITY=できている街.sqlite3)
	@CITY=$(CITY) $(PY) -m benchmarks.phone

scale: $(DEV) ## 何台かに分けた形を、この機械の上で動かし、測り、壊す (SPAN=15 CLICKERS=8 SYNC=1)
	@SPAN=$(SPAN) CLICKERS=$(CLICKERS) SYNC=$(or $(SYNC),1) $(PY) -m benchmarks.scale

chaos: $(DEV) ## 落とす・止める・あふれさせる試し (SEED=1 TIMES=20 ON=both)
	@SEED=$(SEED) TIMES=$(TIMES) ON=$(ON) $(PY) -m tests.chaos

rotation: $(DEV) ## 動かしたまま、秘密の値を一つずつ替える試し（本番の形、PostgreSQL）
	@$(PY) -m tests.rotation

fuzz: $(DEV) ## でたらめな送信をすべてのフォームに (POSTS=100000 SEED=1)
	@POSTS=$(POSTS) SEED=$(SEED) $(PY) -m tests.fuzz

lock: $(DEV) ## 依存の版を決め直す
	$(VENV)/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 requirements.in -o requirements.txt
	$(VENV)/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	$(VENV)/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 requirements-audit.in -o requirements-audit.txt

# In an environment of its own: what looks at the locks is not locked with them.
.venv-audit: requirements-audit.txt | $(PY)
	$(PY) -m venv $@
	$@/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-audit.txt
	@touch $@

audit: .venv-audit ## 部品表（docs/sbom.json）をつくり、知られている弱点を尋ねる (SERVICES=pypi,osv)
	@SERVICES=$(SERVICES) $(PY) tests/audit.py .venv-audit/bin

shots: $(DEV) ## 画面の写真を docs/shots に撮り直す (CITY=できている街.sqlite3)
	@CITY=$(CITY) $(PY) tests/shots.py
