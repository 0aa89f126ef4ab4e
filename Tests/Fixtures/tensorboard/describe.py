"""Says in JSON what the tensorboard package reads from an event file, or from a folder of runs with 'runs'."""

import base64
import json
import sys

from tensorboard.backend.event_processing import event_file_loader
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2


def hyperparameters(content):
    data = plugin_data_pb2.HParamsPluginData.FromString(content)
    kind = data.WhichOneof("data")
    if kind == "session_start_info":
        values = data.session_start_info.hparams
        return {name: getattr(v, v.WhichOneof("kind")) for name, v in values.items()}
    if kind == "session_end_info":
        return data.session_end_info.status
    return {
        "settings": [[i.name, i.description, i.type] for i in data.experiment.hparam_infos],
        "metrics": [[i.name.tag, i.description] for i in data.experiment.metric_infos],
    }


def file(path):
    # Everything, never sampled.
    accumulator = EventAccumulator(path, size_guidance={
        kind: 0 for kind in ("scalars", "images", "histograms", "tensors")})
    accumulator.Reload()
    tags = accumulator.Tags()
    found = {
        "scalars": {
            tag: [[e.wall_time, e.step, e.value] for e in accumulator.Scalars(tag)]
            for tag in tags["scalars"]},
        "images": {
            tag: [[e.step, e.width, e.height, base64.b64encode(e.encoded_image_string).decode()]
                  for e in accumulator.Images(tag)]
            for tag in tags["images"]},
        "histograms": {
            tag: [[e.step, h.min, h.max, h.num, h.sum, h.sum_squares, h.bucket_limit, h.bucket]
                  for e in accumulator.Histograms(tag) for h in [e.histogram_value]]
            for tag in tags["histograms"]},
        "texts": {}, "hyperparameters": {}, "classes": {},
    }
    for tag in tags["tensors"]:
        metadata = accumulator.SummaryMetadata(tag)
        if metadata.plugin_data.plugin_name == "text":
            found["texts"][tag] = [
                [e.step, e.tensor_proto.string_val[0].decode()] for e in accumulator.Tensors(tag)]
        if metadata.plugin_data.plugin_name == "hparams":
            found["hyperparameters"][tag] = hyperparameters(metadata.plugin_data.content)
    # The loader that the web page is fed by gives each value a class.
    for event in event_file_loader.EventFileLoader(path).Load():
        for value in event.summary.value:
            if value.metadata.data_class:
                found["classes"].setdefault(value.tag, value.metadata.data_class)
    return found


def runs(folder):
    """The table of settings and last numbers that the page shows for a folder of runs."""
    from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
    from tensorboard.context import RequestContext
    from tensorboard.plugins import base_plugin
    from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups

    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(folder)
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, folder)
    context = backend_context.Context(base_plugin.TBContext(data_provider=provider))
    metadata = context.hparams_metadata(RequestContext(), "")
    experiment = context.experiment_from_metadata(RequestContext(), "", True, metadata, [])
    groups = list_session_groups.Handler(
        RequestContext(), context, "",
        api_pb2.ListSessionGroupsRequest(
            start_index=0, slice_size=100, include_metrics=True,
            allowed_statuses=[0, 1, 2, 3])).run()
    return {
        "differing": sorted(i.name for i in experiment.hparam_infos if i.differs),
        "metrics": sorted(
            "/".join(filter(None, [i.name.group.lstrip("."), i.name.tag]))
            for i in experiment.metric_infos),
        "groups": {
            session.name: {
                "status": session.status,
                "settings": {
                    name: getattr(value, value.WhichOneof("kind"))
                    for name, value in group.hparams.items()},
                "metrics": {v.name.tag: v.value for v in session.metric_values},
            }
            for group in groups.session_groups for session in group.sessions},
    }


def plain(value):
    """Lists in place of what only looks like them, names in place of what JSON cannot write."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    return [plain(part) for part in value]


if sys.argv[1] == "runs":
    print(json.dumps(plain(runs(sys.argv[2]))))
else:
    print(json.dumps(plain(file(sys.argv[1]))))
