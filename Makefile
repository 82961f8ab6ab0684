# ConvLab: `make run` serves the app, `make test` runs all tests. Both set up what they need in .venv first.

VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint bench bench-training bench-transfer bench-webcam measure-digits measure-shuffled measure-fashion measure-taught train-backbone measure-backbone lock clean

run: $(VENV)/user.done
	$(BIN)/streamlit run app.py

test: $(VENV)/dev.done lint
	$(BIN)/python -m scripts.get_chromium
	$(BIN)/python -m pytest -n 2 --dist loadfile --durations=25 -m "not camera"
	$(BIN)/python -m pytest tests/browser -m camera

lint: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

bench: $(VENV)/dev.done
	$(BIN)/python -m scripts.get_chromium
	$(BIN)/python -m tests.benchmarks.edit_to_repaint
	$(BIN)/python -m tests.benchmarks.channels_edit
	$(BIN)/python -m tests.benchmarks.first_page

# A live run against plain model.fit (with --page through the Train page), and pages while a run uses all cores.
bench-training: $(VENV)/dev.done
	$(BIN)/python -m scripts.get_chromium
	$(BIN)/python -m tests.benchmarks.live_training
	$(BIN)/python -m tests.benchmarks.live_training --page
	$(BIN)/python -m tests.benchmarks.busy_machine

# Features and heads against the bare networks, and the built-in backbone against ResNet50.
bench-transfer: $(VENV)/dev.done
	$(BIN)/python -m tests.benchmarks.transfer_rates
	$(BIN)/python -m tests.benchmarks.backbone_speed

# The live camera: rate and age against the bare network, 20 starts and killed tabs; the clip needs CONVLAB_DATA.
bench-webcam: $(VENV)/dev.done
	$(BIN)/python -m scripts.get_chromium
	$(BIN)/python -m tests.benchmarks.webcam_rate
	$(BIN)/python -m tests.benchmarks.webcam_starts
	$(BIN)/python -m tests.benchmarks.webcam_clip

measure-digits: $(VENV)/dev.done
	$(BIN)/python -m scripts.measure_drawn_digits

measure-shuffled: $(VENV)/dev.done
	$(BIN)/python -m scripts.measure_shuffled_digits

# Needs Fashion-MNIST: CONVLAB_DATA, the Keras cache or the internet.
measure-fashion: $(VENV)/dev.done
	$(BIN)/python -m scripts.measure_fashion

# Needs CONVLAB_DATA with the handbags and shoes.
measure-taught: $(VENV)/dev.done
	$(BIN)/python -m scripts.measure_taught

# Reads the folder that CONVLAB_DATA names; goes on from its last checkpoint in CONVLAB_HOME.
train-backbone: $(VENV)/dev.done
	$(BIN)/python -m scripts.backbone.teacher
	$(BIN)/python -m scripts.train_backbone
	$(BIN)/python -m scripts.export_backbone
	$(BIN)/python -m scripts.train_head

measure-backbone: $(VENV)/dev.done
	$(BIN)/python -m scripts.measure_backbone

# Tried versions, for all to have the same: written anew after a look at what the newer ones do.
lock: $(VENV)/dev.done
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt

$(VENV)/user.done: requirements.txt constraints.txt scripts/make_venv.sh
	sh scripts/make_venv.sh $(VENV) requirements.txt
	touch $@

$(VENV)/dev.done: requirements.txt requirements-dev.txt constraints.txt scripts/make_venv.sh
	sh scripts/make_venv.sh $(VENV) requirements-dev.txt
	touch $@ $(VENV)/user.done

clean:
	rm -rf $(VENV)
