import pytest

from tongxing.paper.exchange.actions import Upload, preview
from tongxing.paper.exchange.models import ImportBatch


@pytest.fixture
def hand_in(cast):
    def hand_in(*contents, role="coordinator", names=(), **said) -> ImportBatch:
        names = names or [f"文件{number}.xlsx" for number in range(len(contents))]
        uploads = [Upload(name, content) for name, content in zip(names, contents, strict=True)]
        return preview(cast.actor(role), school=cast.school, uploads=uploads, **said)

    return hand_in
